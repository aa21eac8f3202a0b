"""The subject that a relief belongs to now: subjects merge and counts move after relief is proposed or ordered."""

# Every retired subject, with the survivor at the end of its chain of merges.
# Where no snapshot names a count any more, the relief stays with its last known subject, or that one's survivor.
# While a count stands under two subjects, it stays with its last known one.
PERSON_OF_RELIEF = """
    RECURSIVE line (subject_id, survivor) AS (
        SELECT subject_id, retired_into FROM subjects WHERE retired_into IS NOT NULL
        UNION
        SELECT line.subject_id, subjects.retired_into FROM line JOIN subjects ON subjects.subject_id = line.survivor
        WHERE subjects.retired_into IS NOT NULL),
    survivors AS (
        SELECT line.subject_id, line.survivor FROM line
        LEFT JOIN subjects ON subjects.subject_id = line.survivor WHERE subjects.retired_into IS NULL),
    known AS (
        SELECT relief_id, (conviction ->> 'subject_id')::uuid AS subject_id FROM reliefs),
    judged AS (
        SELECT relief_id, bool_or(findings.subject_id = known.subject_id) AS as_known,
            min(findings.subject_id::text)::uuid AS subject_id
        FROM known JOIN relief_counts USING (relief_id) JOIN findings USING (count_key) GROUP BY relief_id),
    persons AS (
        SELECT known.relief_id, CASE
            WHEN judged.as_known THEN known.subject_id
            ELSE coalesce(judged.subject_id, survivors.survivor, known.subject_id) END AS person
        FROM known LEFT JOIN judged USING (relief_id) LEFT JOIN survivors ON survivors.subject_id = known.subject_id)
"""
"""SQL to follow WITH: ``persons`` has the current subject of each relief, one line each."""

LEADS = "obstacle IS DISTINCT FROM 'joined' AND obstacle IS DISTINCT FROM 'ordered_twice'"
"""SQL: whether this relief is the one to count of its conviction; two can turn out to be on one."""
