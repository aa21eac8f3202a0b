"""Offenses that are not cannabis offenses: what else a record holds, and what los-angeles-2020 asks about."""

from deploy.sample.population.sections import Section

FELONIES = (
    Section("PC", "459", "BURGLARY"),
    Section("PC", "211", "ROBBERY"),
    Section("PC", "487(A)", "GRAND THEFT"),
    Section("VC", "10851(A)", "TAKE VEHICLE W/O OWNER'S CONSENT"),
    Section("HS", "11350(A)", "POSSESS NARCOTIC CONTROLLED SUBSTANCE"),
    Section("HS", "11351", "POSS NARCOTIC CNTL SUB, FOR SALE"),
    Section("PC", "496(A)", "RECEIVE/ETC KNOWN STOLEN PROPERTY"),
    Section("PC", "245(A)(1)", "FORCE/ADW NOT FIREARM:GBI LIKELY"),
    Section("PC", "12021(A)", "FELON/ADDICT/POSS/ETC FIREARM"),
)
MISDEMEANORS = (
    Section("PC", "484(A)", "THEFT"),
    Section("PC", "148(A)(1)", "OBSTRUCT/ETC PUBLIC OFFICER/ETC"),
    Section("VC", "23152(A)", "DUI ALCOHOL/DRUGS"),
    Section("HS", "11364", "POSSESS CONTROLLED SUBSTANCE PARAPHERNALIA"),
    Section("HS", "11550(A)", "USE/UNDER INFL CONTROLLED SUBSTANCE"),
    Section("PC", "415", "DISTURB PEACE"),
    Section("PC", "602", "TRESPASSING"),
    Section("PC", "537(A)", "DEFRAUD INNKEEPER"),
    Section("VC", "14601.1(A)", "DRIVE WHILE LICENSE SUSPENDED"),
    Section("PC", "242", "BATTERY"),
)
SUPER_STRIKES = (
    Section("PC", "187(A)", "MURDER"),
    Section("PC", "187(A)", "MURDER"),
    Section("PC", "664/187(A)", "ATTEMPTED MURDER"),
    Section("PC", "191.5(A)", "VEHICULAR MANSL W/GROSS NEGL WHILE INTOX"),
)
SEX_OFFENSES = (
    Section("PC", "288(A)", "LEWD OR LASCIVIOUS ACTS W/CHILD UNDER 14"),
    Section("PC", "261(A)(2)", "RAPE BY FORCE/FEAR/ETC"),
)
ROBBERY = FELONIES[1]
PARAPHERNALIA = MISDEMEANORS[3]
