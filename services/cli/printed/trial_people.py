"""The built-in sign-in of the local servers at a terminal."""

from itertools import groupby

from deploy.local.sign_in.accounts import PEOPLE, Person


def print_people(issuer: str | None) -> None:
    """Where to sign in, and who can; nothing where there is no built-in sign-in."""
    if issuer is None:
        return
    print(f"sign-in for trials at {issuer}, without a password: reliefstream login")
    for role, people in groupby(sorted(PEOPLE, key=_role), _role):
        print(f"  {role:18} {', '.join(one.subject for one in people)}")


def _role(one: Person) -> str:
    return one.grant.partition(":")[0]
