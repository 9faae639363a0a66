# SPDX-License-Identifier: Apache-2.0
"""rule.csv and visa.csv: what each published row asks of a consignment or a person, and when it wins."""

RULE_COLUMNS = """rule_id use kind regime name modes origin_countries destination_countries enter_countries leave_countries
transit_countries node_ids hs_prefixes dangerous_only cargo_classes gate issuer lead_typical_days lead_high_days cost_usd cost_basis
legal_basis valid_from valid_to quality source_id estimated_fields note""".split()

VISA_COLUMNS = """visa_id use subject nationality destination regime max_stay_days lead_typical_days lead_high_days cost_usd valid_from
valid_to priority conditions quality source_id estimated_fields note""".split()

THIRD = "CN;IR;TM;UZ;AF;PK;IN;AE;TR"
SARAKHS = "tm-serakhs;ir-sarakhs"
INCHE = "tm-akyayla;ir-incheh-borun"
FEE = "lead_typical_days;cost_usd"
LEAD = "lead_typical_days"

# raw id: use, kind, gate, and the columns that split from / to / via
RULE = {
    "doc-smgs-kz-tm": dict(kind="consignment_note", gate="departure", o="KZ", d="TM", est=LEAD),
    "doc-smgs-kz-ir": dict(kind="consignment_note", gate="departure", o="KZ", d="IR", t="TM", est=LEAD),
    "doc-smgs-ru-ir": dict(kind="consignment_note", gate="departure", o="RU", d="IR", t="KZ;TM", est=LEAD),
    "doc-smgs-cn-ir": dict(kind="consignment_note", gate="departure", o="CN", d="IR", t="KZ;TM", est=LEAD),
    "doc-smgs-uz-ir": dict(kind="consignment_note", gate="departure", o="UZ", d="IR", t="TM", est=LEAD),
    "doc-smgs-az": dict(kind="consignment_note", gate="departure", o="AZ", d="IR", est=LEAD),
    "doc-cim-ir-member": dict(kind="consignment_note", gate="departure", o="IR", d="TR", est=LEAD),
    "doc-cim-reconsign-sarakhs": dict(kind="consignment_note", gate="gauge_change", e="IR", n=SARAKHS),
    "doc-cim-reconsign-inche": dict(kind="consignment_note", gate="gauge_change", e="IR", n=INCHE),
    "doc-cimsmgs-common": dict(use="optional", kind="consignment_note", gate="none", o="KZ", d="TR", t="TM;IR", est=LEAD),
    "doc-tm-import-set": dict(kind="customs", gate="enter", d="TM", e="TM", est=LEAD),
    "doc-tm-transit-plan": dict(kind="plan", gate="departure", d="IR", t="TM"),
    "doc-eaeu-transit": dict(kind="customs", gate="departure", o="RU;CN", d="TM;IR", t="KZ",
                             say="written for Russia or China to Turkmenistan or Iran"),
    "doc-eaeu-navseal": dict(kind="seal", gate="enter", o=THIRD, e="KZ", t="KZ", c="container;reefer", cost="",
                             say="242 USD by the navigation seal rows of tariff.csv"),
    "doc-export-decl-kz": dict(kind="customs", gate="departure", o="KZ", d="IR"),
    "doc-fta-ct3-kz": dict(use="optional", kind="origin", gate="none", o="KZ", d="IR", est=FEE, measure="m-fta-2025"),
    "doc-fta-ct3-ir": dict(use="optional", kind="origin", gate="none", o="IR", d="KZ", est=FEE, measure="m-fta-2025"),
    "doc-fta-interim": dict(use="optional", kind="origin", gate="none", o="KZ", d="IR", to="2025-05-14", est=FEE, measure="m-eaeu-interim-2019"),
    "doc-fta-duty-barley": dict(use="effect", kind="origin", gate="none", o="RU", d="IR", measure="m-fta-2025"),
    "doc-st1-tm": dict(use="optional", kind="origin", gate="none", o="KZ", d="TM", est=FEE),
    "doc-cert-general-gulf": dict(use="optional", kind="origin", gate="none", o="KZ", d="AE", t="IR", est=FEE),
    "doc-phyto-kz": dict(kind="plant_health", gate="departure", o="KZ", d="IR", hs="10", lead="7",
                         say="five working days told, written as seven calendar days"),
    "doc-phyto-kz-oilseeds": dict(kind="plant_health", gate="departure", o="KZ", d="IR", hs="12", lead="7",
                                  say="five working days told, written as seven calendar days"),
    "doc-phyto-kz-pulses": dict(kind="plant_health", gate="departure", o="KZ", d="IR", hs="0713", lead="7",
                                say="five working days told, written as seven calendar days"),
    "doc-phyto-ir-import": dict(kind="plant_health", gate="enter", d="IR", e="IR", hs="10", est=LEAD),
    "doc-phyto-ir-export": dict(kind="plant_health", gate="departure", o="IR", d="KZ", hs="08"),
    "doc-ir-import-reg": dict(kind="import_licence", gate="enter", d="IR", e="IR", hs="10"),
    "doc-quality-grain": dict(kind="quality", gate="departure", o="KZ", d="IR", hs="10"),
    "doc-vet-meat": dict(kind="animal_health", gate="departure", o="KZ", d="IR", hs="02"),
    "doc-tir-parties": dict(kind="customs", gate="leave", o="KZ", d="IR", l="KZ", t="TM", basis="truck", est="cost_usd",
                            say="the usual way; national transit declarations would do as well"),
    "doc-tir-epd-iran": dict(kind="customs", gate="enter", d="IR", e="IR"),
    "doc-etir-2021": dict(use="optional", kind="customs", gate="none", o="UZ", d="AZ", measure="m-etir-annex11"),
    "doc-tir-limit-road-port": dict(kind="customs", gate="load_sea", o="KZ", d="IR", n="kz-aktau-port;kz-kuryk-port", c="roro", modes="",
                                    basis="truck", say="asked for where a truck boards the ferry"),
    "doc-cmr-kz-ir": dict(kind="consignment_note", gate="leave", o="KZ", d="IR", l="KZ"),
    "doc-ecmr": dict(use="optional", kind="consignment_note", gate="none", o="IR", d="UZ", t="TM"),
    "doc-kzir-road-agreement": dict(kind="permit", gate="enter", o="KZ", e="IR", t="IR", est=LEAD,
                                    say="asked for third-country transit only, so the row wants Iran in transit"),
    "doc-kztm-permitfree": dict(use="effect", kind="permit", gate="none", o="KZ", d="TM", measure="m-kztm-road-protocol-2024"),
    "doc-tm-road-entry": dict(kind="permit", gate="enter", d="TM", e="TM", cost="", est=LEAD,
                              say="150 USD for a trailer without its tractor; a truck with driver pays the fees of tariff.csv"),
    "doc-tm-road-transit": dict(kind="permit", gate="enter", e="TM", t="TM", cost="", est=LEAD,
                                say="100 USD for a trailer without its tractor; a truck with driver pays the fees of tariff.csv"),
    "doc-tm-road-vehicle-fee": dict(use="effect", kind="road_entry", gate="none", d="", e="TM", cost="",
                                    say="charged by tar-tm-truck-2022-20t and tar-tm-entry-levy-2022", measure="m-tm-fees-2022"),
    "doc-tm-convoy": dict(kind="convoy", gate="enter", o="UZ", d="IR", e="TM", t="TM", n="tm-farap-bcp;tm-serakhs-bcp",
                          measure="m-tm-transit-reopen-2022", est=LEAD),
    "doc-ir-transit": dict(kind="customs", gate="enter", e="IR", t="IR", est=LEAD),
    "doc-ir-internal-transit": dict(kind="customs", gate="enter", d="IR", e="IR", n="ir-shahid-rajaee-port;ir-bandar-abbas;ir-aprin", est=LEAD),
    "doc-ir-transit-prohibited": dict(use="context", kind="permit", gate="none", t="IR", say="the list of prohibited goods is not at hand"),
    "doc-bl-caspian": dict(kind="consignment_note", gate="load_sea", o="KZ", d="IR", n="kz-aktau-port;kz-kuryk-port"),
    "doc-bl-gulf": dict(kind="consignment_note", gate="load_sea", o="IR", d="IN", n="ir-shahid-rajaee-port"),
    "doc-port-request-aktau": dict(kind="port", gate="load_sea", o="KZ", d="IR", n="kz-aktau-port", hs="10"),
    "doc-dg-smgs-sulphur": dict(kind="dangerous_goods", gate="departure", o="KZ", d="IR", t="TM", hs="2503", dg=True),
    "doc-dg-smgs-oil": dict(kind="dangerous_goods", gate="departure", o="KZ", d="IR", t="TM", hs="2710", dg=True),
    "doc-dg-lpg": dict(kind="dangerous_goods", gate="departure", o="KZ", t="TM", hs="2711", dg=True),
    "doc-dg-road-adr": dict(kind="dangerous_goods", gate="departure", o="KZ", d="IR", t="TM", dg=True, basis="truck"),
    "doc-dg-imdg": dict(kind="dangerous_goods", gate="load_sea", o="KZ", d="IR", n="kz-aktau-port", dg=True),
    "doc-dg-iran-port-fee": dict(use="effect", kind="dangerous_goods", gate="none", d="IR", n="ir-shahid-rajaee-port", dg=True),
    "doc-invoice-packing": dict(kind="commercial", gate="departure"),
    "doc-payment-compliance": dict(kind="compliance", gate="departure", d="IR", est=LEAD,
                                   say="the facts stand in sanction.csv; not legal advice"),
}


def plain(note):
    """A note without its pointers to pages that the package does not hold."""
    return note.replace("; see rules_notes; not legal advice", "").replace("see rules_notes sanctions part", "see sanction.csv")


def rule_from_raw(raw):
    h = RULE[raw["id"]]
    r = {c: "" for c in RULE_COLUMNS}
    note = [x for x in (plain(raw["note"]), h.get("say")) if x]
    est = [x for x in (h.get("est", ""),) if x]
    if "working days" in (h.get("say") or ""):
        est.append("lead_typical_days")
    r.update(rule_id=raw["id"], use=h.get("use", "required"), kind=h["kind"], regime=raw["regime"],
             name=raw["document_name"], modes=h.get("modes", "" if raw["applies_mode"] == "any" else raw["applies_mode"]),
             origin_countries=h.get("o", ""), destination_countries=h.get("d", ""), enter_countries=h.get("e", ""),
             leave_countries=h.get("l", ""), transit_countries=h.get("t", ""), node_ids=h.get("n", ""), hs_prefixes=h.get("hs", ""),
             dangerous_only="true" if h.get("dg") else "", cargo_classes=h.get("c", ""), gate=h["gate"], issuer=raw["issuer"],
             lead_typical_days=h.get("lead", raw["lead_days_typical"]), cost_usd=h.get("cost", raw["cost_usd"]),
             cost_basis=h.get("basis", ""), legal_basis=raw["legal_basis"], valid_from=raw["valid_from"], valid_to=h.get("to", ""),
             quality=raw["quality"], source_id=raw["source_id"], estimated_fields=";".join(dict.fromkeys(est)), note="; ".join(note))
    return r, h.get("measure", "")


RULE_EXTRA = [
    dict(rule_id="rule-kztm-road-permit-est", use="required", kind="permit", regime="CMR", name="bilateral road permit Kazakhstan - Turkmenistan",
         modes="road", origin_countries="KZ;TM", destination_countries="", enter_countries="TM;KZ", gate="enter",
         issuer="Ministry of Transport of Kazakhstan; Turkmenulaggozegchilik", lead_typical_days="3", quality="estimated",
         source_id="rule-trend-permits-2025",
         note="what held before carriage became permit-free (m-kztm-road-protocol-2024 removes this row); three days as for the Iranian permit"),
]



def general_rules():
    """The notes and declarations that every consignment of the region needs, for the pairs that no published row names."""
    smgs = "KZ TM IR RU CN UZ AZ KG TJ GE AF".split()
    named = {("KZ", "TM"), ("KZ", "IR"), ("RU", "IR"), ("CN", "IR"), ("UZ", "IR"), ("AZ", "IR")}
    cmr = "KZ UZ TM IR TR AZ RU".split()
    union = {"KZ", "RU", "KG"}
    world = smgs + "TR PK IN AE IQ SA QA OM KE TZ DJ LK MY AM".split()
    out = []

    def add(rid, kind, regime, name, modes, origin, dests, gate, lead, cost, source, law, note, **kw):
        if dests:
            out.append(dict(rule_id=rid, use="required", kind=kind, regime=regime, name=name, modes=modes, origin_countries=origin,
                            destination_countries=";".join(dests), gate=gate, lead_typical_days=lead, cost_usd=cost, quality="estimated",
                            source_id=source, legal_basis=law, note=note, **kw))

    for o in smgs:
        add(f"rule-smgs-{o.lower()}", "consignment_note", "SMGS", "SMGS consignment note", "rail", o,
            [d for d in smgs if d != o and (o, d) not in named], "leave", "1", "0", "rule-smgs-2016", "SMGS; both states are parties",
            "parties published, one day estimated as in the rows of single pairs", issuer="consignor and railway",
            leave_countries=o)
    for o in cmr:
        add(f"rule-cmr-{o.lower()}", "consignment_note", "CMR", "CMR consignment note", "road", o,
            [d for d in cmr if d != o and (o, d) != ("KZ", "IR")], "leave", "0", "0", "rule-un-cmr", "CMR; both states are parties",
            "parties published", issuer="consignor", leave_countries=o)
    for o in world:
        skip = {"KZ": {"IR"}, "IR": {"IN"}}.get(o, set())
        add(f"rule-bl-{o.lower()}", "consignment_note", "BL", "bill of lading", "sea", o, [d for d in world if d != o and d not in skip],
            "load_sea", "0", "30", "rule-method-keruen", "carriage by sea contract", "taken as from Aktau; trucks on a ferry travel on a ticket",
            issuer="carrier", cargo_classes="container;general;grain_bulk;metal;oil_bulk;reefer")
        dests = [d for d in world if d != o and not (o in union and d in union) and (o, d) != ("KZ", "IR")]
        add(f"rule-export-decl-{o.lower()}", "customs", "export", "export customs declaration", "", o, dests, "departure", "1", "50",
            "rule-method-keruen", "customs law of the country", "taken as for Kazakhstan to Iran", issuer="declarant")
    return out


# raw id: changes; `measure` hands the row to a measure
VISA = {
    "visa-ir-kz-citizen-pre2022": dict(valid_to="", priority="0", say="ended on 2022-07-07 by m-visa-kz-2022, so the row itself is open"),
    "visa-ir-kz-citizen-2022": dict(priority="10", measure="m-visa-kz-2022"),
    "visa-ir-kz-business-2022": dict(priority="10", measure="m-visa-kz-2022"),
    "visa-ir-kz-driver-2025": dict(priority="20"),
    "visa-ir-kz-driver-2022": dict(priority="10", measure="m-visa-kz-2022"),
    "visa-kz-ir-citizen-pre2022": dict(valid_to="", priority="0", say="ended on 2022-11-10 by m-visa-ir-2022, so the row itself is open"),
    "visa-kz-ir-citizen-2022": dict(priority="10", measure="m-visa-ir-2022"),
    "visa-kz-ir-business-2022": dict(priority="10", measure="m-visa-ir-2022"),
    "visa-kz-ir-driver-2025": dict(priority="20"),
    "visa-kz-ir-business-2025": dict(use="context", say="content of the facilitation not published; the waiver of 2022 goes on"),
    "visa-kz-tm-citizen": dict(priority="10"),
    "visa-kz-tm-mangystau": dict(use="context", say="holds for residents of one region only"),
    "visa-kz-tm-driver": dict(priority="10"), "visa-ir-tm-citizen": dict(priority="10"), "visa-ir-tm-driver": dict(priority="10"),
    "visa-ir-tm-driver-aim2022": dict(use="context", say="an intention"),
    "visa-uz-tm-driver": dict(priority="10"), "visa-ru-tm-driver": dict(priority="10"), "visa-tr-tm-driver": dict(priority="10"),
    "visa-az-tm-citizen": dict(priority="10"),
    "visa-any-tm-transit": dict(nationality="any", priority="0", say="the page speaks of any nationality"),
    "visa-any-tm-driver-closed2020": dict(nationality="any", regime="closed", valid_to="", priority="30", say="no foreign driver admitted, whatever "
                                          "the passport; ended on 2022-05-31 by m-tm-transit-reopen-2022, which sets the last day"),
    "visa-any-tm-driver-convoy2022": dict(nationality="any", priority="1", measure="m-tm-transit-reopen-2022",
                                          say="drivers of any state without a row of their own"),
    "visa-any-tm-driver-2022b": dict(priority="11", use="context", say="where Iranian drivers may go, not how they get the visa; regime and days as "
                                     "visa-ir-tm-driver"),
    "visa-any-tm-driver-2022c": dict(nationality="any", priority="2", measure="m-tm-allposts-2022",
                                     say="drivers of any state without a row of their own"),
    "visa-uz-ir-citizen-2024": dict(priority="10", measure="m-ir-28-2024"),
    "visa-uz-ir-business-2022": dict(lead_typical_days="5", est="lead_typical_days;lead_high_days", say="three working days told, written as five calendar days"),
    "visa-uz-ir-driver": dict(lead_typical_days="5", say="three working days told, written as five calendar days"),
    "visa-ir-uz-business-2022": dict(lead_typical_days="5", est="lead_typical_days;lead_high_days", say="three working days told, written as five calendar days"),
    "visa-ir-uz-driver": dict(lead_typical_days="5", say="three working days told, written as five calendar days"),
    "visa-in-ir-citizen-2024": dict(priority="10", measure="m-ir-28-2024"),
    "visa-cn-kz-citizen-2022": dict(valid_to="", priority="0", say="ended on 2023-11-09 by m-cn-kz-visa-2023, so the row itself is open"),
    "visa-cn-kz-citizen-2023": dict(priority="10", measure="m-cn-kz-visa-2023"),
    "visa-cn-kz-driver-2023": dict(priority="10", measure="m-cn-kz-visa-2023"),
    "visa-kz-cn-citizen-2023": dict(priority="10", measure="m-cn-kz-visa-2023"),
    "visa-kz-cn-driver-2023": dict(priority="10", measure="m-cn-kz-visa-2023"),
    "visa-tm-uz-driver-2024block": dict(regime="closed", priority="20", measure="m-uztm-visa-block-2024"),
    "visa-ir-az-nakh": dict(use="context", say="Nakhchivan only"),
    "visa-cn-uz-citizen-2025": dict(priority="10"),
}

VISA_EXTRA = [
    dict(visa_id="visa-ir-kz-citizen-base", use="rule", subject="citizen", nationality="IR", destination="KZ", regime="visa", max_stay_days="30",
         lead_high_days="30", cost_usd="60", quality="estimated", source_id="rule-tehrantimes-kzvisa-2019",
         note="before the waiver of 2022: taken as the business visa; stay estimated"),
    dict(visa_id="visa-ir-kz-driver-base", use="rule", subject="driver", nationality="IR", destination="KZ", regime="visa", max_stay_days="30",
         lead_high_days="30", cost_usd="60", quality="estimated", source_id="rule-tehrantimes-kzvisa-2019",
         note="before the waiver of 2022: taken as the business visa; stay estimated"),
    dict(visa_id="visa-kz-ir-business-base", use="rule", subject="business", nationality="KZ", destination="IR", regime="visa", quality="estimated",
         source_id="rule-iswnews-irwaiver-2022", note="before the waiver of 2022, as for citizens; lead time and fee not found"),
]


def visa_from_raw(raw):
    h = VISA.get(raw["id"], {})
    r = {c: "" for c in VISA_COLUMNS}
    r.update(visa_id=raw["id"], use="rule", subject=raw["subject"], nationality=raw["nationality"], destination=raw["destination"],
             regime=raw["regime"], max_stay_days=raw["max_stay_days"], lead_typical_days=raw["lead_days_typical"],
             lead_high_days=raw["lead_days_high"], cost_usd=raw["cost_usd"], valid_from=raw["valid_from"], valid_to=raw["valid_to"],
             conditions=raw["conditions"], quality=raw["quality"], source_id=raw["source_id"])
    for k in VISA_COLUMNS:
        if k in h:
            r[k] = h[k]
    r["estimated_fields"] = h.get("est", "")
    r["note"] = "; ".join(x for x in (plain(raw["note"]), h.get("say")) if x)
    return r, h.get("measure", "")
