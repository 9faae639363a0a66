# SPDX-License-Identifier: Apache-2.0
"""config, time zones, opening hours, holidays, seasons, spreads."""

import datetime
import zoneinfo

import kti_tables as kt

EST = "rule-method-keruen"
FIRST_YEAR, LAST_YEAR = 2010, 2028
ALL_DAY = "00:00-24:00"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def make_config(package):
    package.add("CONFIG", dataset_name="Kazakhstan - Turkmenistan - Iran corridor", short_length="m", long_length="km",
                speed="kph", crs="EPSG:4326", geometry_field_format="WKT", currency="USD", version_number="0.96",
                id_type="string", kr_price_year="2025", kr_version="0.1.0", kr_licence="ODbL-1.0", kr_date="2026-11-15")


def offset_min(zone, year, month, day):
    """Offset at local noon of a day, in minutes east of UTC."""
    moment = datetime.datetime(year, month, day, 12, tzinfo=zoneinfo.ZoneInfo(zone))
    return int(moment.utcoffset().total_seconds() // 60)


def make_timezones(package, places):
    """First local day of every offset: the day whose noon has the new offset first."""
    zones = sorted({node["kr_timezone"] for node in places.nodes.values()})
    for zone in zones:
        day, last = datetime.date(FIRST_YEAR, 1, 1), None
        while day.year <= LAST_YEAR:
            offset = offset_min(zone, day.year, day.month, day.day)
            if offset != last:
                package.add("TIMEZONE", zone=zone, valid_from=day.isoformat(), offset_min=offset, quality="published",
                            source_id="iana-tzdata",
                            note="changes on the day; the hour of the change is not kept" if last is not None else
                            "offset in force at the start of the table")
                last = offset
            day += datetime.timedelta(days=1)


def week(package, ident, hours, closed=(), short=None, holiday="", quality="estimated", source=EST, note=""):
    cells = {day: "" if day in closed else (short or {}).get(day, hours) for day in DAYS}
    package.add("CALENDAR", calendar_id=ident, **cells, holiday_country=holiday, quality=quality, source_id=source,
                estimated_fields="all" if quality == "estimated" else "", note=note)


def make_calendars(package):
    week(package, "always", ALL_DAY, note="round the clock, no holidays; what ports tell as 24/7")
    week(package, "iran-week", ALL_DAY, closed=("friday",), holiday="IR",
         note="customs and banks shut on Friday and on holidays, quays work (port tables)")
    for code, hours, closed, short in (
            ("KZ", "09:00-18:00", ("saturday", "sunday"), None), ("TM", "09:00-18:00", ("sunday",), {"saturday": "09:00-14:00"}),
            ("IR", "07:30-14:30", ("friday",), {"thursday": "07:30-12:30"}), ("UZ", "09:00-18:00", ("saturday", "sunday"), None),
            ("RU", "09:00-18:00", ("saturday", "sunday"), None), ("CN", "09:00-17:30", ("saturday", "sunday"), None),
            ("AZ", "09:00-18:00", ("saturday", "sunday"), None), ("TR", "08:30-17:30", ("saturday", "sunday"), None)):
        week(package, f"office-{code.lower()}", hours, closed, short, code,
             note="hours of customs offices and forwarders: usual office hours, estimate")
    week(package, "lotfabad-gate", "07:30-15:30", quality="published", source="road-iribnews-2025-lotfabad-hours",
         note="gate open 8 h a day, 07:30-15:30; no closed weekday is told")
    week(package, "tm-convoy", "08:00-12:00", quality="derived", source="rule-brightuz-2022",
         note="escorted convoys leave from 08:00; the end of the window is an estimate")


# Fixed days: (country, name, month, day of first, month, day of last, words)
FIXED = [
    ("KZ", "New Year", 1, 1, 1, 2), ("KZ", "Orthodox Christmas", 1, 7, 1, 7), ("KZ", "International Women's Day", 3, 8, 3, 8),
    ("KZ", "Nauryz", 3, 21, 3, 23), ("KZ", "Unity Day", 5, 1, 5, 1), ("KZ", "Defender's Day", 5, 7, 5, 7),
    ("KZ", "Victory Day", 5, 9, 5, 9), ("KZ", "Capital Day", 7, 6, 7, 6), ("KZ", "Constitution Day", 8, 30, 8, 30),
    ("KZ", "Republic Day", 10, 25, 10, 25), ("KZ", "Independence Day", 12, 16, 12, 16),
    ("TM", "New Year", 1, 1, 1, 1), ("TM", "International Women's Day", 3, 8, 3, 8), ("TM", "Nowruz", 3, 21, 3, 22),
    ("TM", "Constitution and Flag Day", 5, 18, 5, 18), ("TM", "Independence Day", 9, 27, 9, 27),
    ("TM", "Day of Remembrance", 10, 6, 10, 6), ("TM", "Neutrality Day", 12, 12, 12, 12),
    ("IR", "Revolution Day (22 Bahman)", 2, 11, 2, 11), ("IR", "Oil nationalisation", 3, 20, 3, 20),
    ("IR", "Nowruz", 3, 21, 3, 24), ("IR", "Islamic Republic Day", 4, 1, 4, 1), ("IR", "Nature Day (13 Farvardin)", 4, 2, 4, 2),
    ("IR", "Passing of Khomeini", 6, 4, 6, 4), ("IR", "15 Khordad", 6, 5, 6, 5),
    ("UZ", "New Year", 1, 1, 1, 1), ("UZ", "International Women's Day", 3, 8, 3, 8), ("UZ", "Navruz", 3, 21, 3, 21),
    ("UZ", "Remembrance Day", 5, 9, 5, 9), ("UZ", "Independence Day", 9, 1, 9, 1), ("UZ", "Teachers' Day", 10, 1, 10, 1),
    ("UZ", "Constitution Day", 12, 8, 12, 8),
    ("RU", "New Year holidays", 1, 1, 1, 8), ("RU", "Defender's Day", 2, 23, 2, 23), ("RU", "Women's Day", 3, 8, 3, 8),
    ("RU", "Spring and Labour Day", 5, 1, 5, 1), ("RU", "Victory Day", 5, 9, 5, 9), ("RU", "Russia Day", 6, 12, 6, 12),
    ("RU", "Unity Day", 11, 4, 11, 4),
    ("AZ", "New Year", 1, 1, 1, 2), ("AZ", "Novruz", 3, 20, 3, 24), ("AZ", "Republic Day", 5, 28, 5, 28),
    ("TR", "New Year", 1, 1, 1, 1), ("TR", "National Sovereignty Day", 4, 23, 4, 23), ("TR", "Labour Day", 5, 1, 5, 1),
    ("TR", "Youth and Sports Day", 5, 19, 5, 19), ("TR", "Democracy Day", 7, 15, 7, 15), ("TR", "Victory Day", 8, 30, 8, 30),
    ("TR", "Republic Day", 10, 29, 10, 29),
    ("CN", "New Year", 1, 1, 1, 1), ("CN", "Labour Day", 5, 1, 5, 2), ("CN", "National Day", 10, 1, 10, 3),
]

# Days of the lunar calendar as reckoned; sighting moves them by a day. name, days by year, countries
LUNAR = [
    ("Eid al-Fitr", {2025: (3, 30, 31), 2026: (3, 20, 21), 2027: (3, 10, 11), 2028: (2, 26, 27)}, ("IR", "TM", "UZ", "AZ", "TR")),
    ("Eid al-Adha", {2025: (6, 6, 6), 2026: (5, 27, 27), 2027: (5, 16, 16), 2028: (5, 5, 5)}, ("KZ", "IR", "TM", "UZ", "AZ", "TR")),
    ("Tasua and Ashura", {2025: (7, 5, 6), 2026: (6, 25, 26), 2027: (6, 15, 16), 2028: (6, 3, 4)}, ("IR",)),
    ("Arbaeen", {2025: (8, 14, 14), 2026: (8, 4, 4), 2027: (7, 25, 25), 2028: (7, 13, 13)}, ("IR",)),
    ("Chinese New Year", {2025: (1, 28, 31), 2026: (2, 16, 19), 2027: (2, 5, 8), 2028: (1, 25, 28)}, ("CN",)),
]


NOWRUZ_ON_20_MARCH = (2024, 2028)


def solar_shift(country, year, month, day):
    """Days of the Iranian solar calendar fall a day earlier in solar years that begin on 20 March."""
    moment = datetime.date(year, month, day)
    if country != "IR":
        return moment
    began = year if (month, day) >= (3, 21) else year - 1
    return moment - datetime.timedelta(days=1 if began in NOWRUZ_ON_20_MARCH else 0)


def make_holidays(package):
    slug = lambda text: "".join(c if c.isalnum() else "-" for c in text.lower()).strip("-").replace("--", "-")
    for year in range(2025, 2029):
        for country, name, m1, d1, m2, d2 in FIXED:
            package.add("HOLIDAY", holiday_id=f"h-{country.lower()}-{slug(name)}-{year}", country=country, name=name,
                        date_from=solar_shift(country, year, m1, d1).isoformat(),
                        date_to=solar_shift(country, year, m2, d2).isoformat(), quality="published",
                        source_id="national-holidays", note="day of the Iranian solar calendar" if country == "IR" else "")
        for name, days, countries in LUNAR:
            month, first, last = days[year]
            for country in countries:
                package.add("HOLIDAY", holiday_id=f"h-{country.lower()}-{slug(name)}-{year}", country=country, name=name,
                            date_from=f"{year}-{month:02}-{first:02}", date_to=f"{year}-{month:02}-{last:02}",
                            quality="estimated", source_id=EST, estimated_fields="date_from;date_to",
                            note="lunar calendar as reckoned; the day is fixed shortly before and may move by one")


def make_seasons(package):
    def add(ident, node, link, kind, first, last, closed, hours, quality, source, note):
        low, typical, high = hours
        package.add("SEASON", season_id=ident, node_id=node, link_id=link, kind=kind, from_month_day=first,
                    to_month_day=last, closed=closed, delay_low_h=low, delay_typical_h=typical, delay_high_h=high,
                    quality=quality, source_id=source,
                    estimated_fields="delay_low_h;delay_typical_h;delay_high_h" if typical != "" else "", note=note)

    ice = ("escort in convoys of 6-10 ships, 4.5 days one way in heavy ice (port-punkta-ice); 6 December 2022 and 13 December "
           "2023 first days, 12 March 2014 last day (port-portnews-176815-ice); low, typical and high are estimates")
    add("s-astrakhan-ice", "ru-astrakhan-port", "", "ice", "12-10", "03-12", "false", (12, 36, 108), "derived",
        "port-portnews-359889-ice", ice)
    add("s-olya-ice", "ru-olya-port", "", "ice", "12-10", "03-12", "false", (8, 24, 96), "derived",
        "port-portnews-359889-ice", ice + "; Olya lies nearer to the sea, so less")
    add("s-bautino-ice", "kz-bautino-port", "", "ice", "12-05", "03-20", "true", ("", "", ""), "derived",
        "port-baige-2023-ice", "Kazakh north sector shut from 5 December 2023; last day estimated")
    storm = ("storms close the port for 36 h on average, {n} a month (hint of the raw notes, an estimate): {share} of the time, so a "
             "departure waits {mean} h on average; the three figures are fitted to that")
    winter = dict(n="5-7", share="a quarter to a third", mean="5-11")
    for port, words in (("kz-aktau-port", "aktau"), ("kz-kuryk-port", "kuryk")):
        add(f"s-{words}-storm-summer", port, "", "storm", "04-01", "09-30", "false", (0, 0.5, 5), "estimated", "port-est-own",
            storm.format(n=2, share="a tenth", mean="2-3"))
    add("s-aktau-storm-winter", "kz-aktau-port", "", "storm", "10-01", "03-31", "false", (0, 3, 24), "estimated", "port-est-own",
        storm.format(**winter))
    add("s-kuryk-storm-oct", "kz-kuryk-port", "", "storm", "10-01", "10-31", "false", (0, 3, 24), "estimated", "port-est-own",
        storm.format(**winter))
    add("s-kuryk-storm-nov-dec", "kz-kuryk-port", "", "storm", "11-01", "12-31", "false", (0, 12, 72), "derived",
        "port-evrimagaci-kuryk", "shut by weather about half of November and December; about 1,000 trucks queued in November "
                                 "2024; hours are estimates, about 30 on average")
    add("s-kuryk-storm-jan-mar", "kz-kuryk-port", "", "storm", "01-01", "03-31", "false", (0, 3, 24), "estimated", "port-est-own",
        storm.format(**winter))
    add("s-turkmenbashi-storm", "tm-turkmenbashi-port", "", "storm", "10-01", "03-31", "false", (0, 2, 18), "estimated",
        "port-est-own", "taken a little below Aktau; a week of waiting off Aktau was told for ferries (sea-minval-wait)")
    add("s-alat-storm", "az-alat-port", "", "storm", "10-01", "03-31", "false", (0, 1.5, 15), "estimated", "port-est-own",
        "north wind of Baku; taken below Aktau")
    add("s-novorossiysk-bora", "ru-novorossiysk-port", "", "storm", "11-01", "03-15", "false", (0, 4, 48), "estimated",
        "port-est-own", "bora closures in winter; hours are estimates")
    add("s-chabahar-monsoon", "ir-chabahar-port", "", "storm", "06-01", "09-15", "false", (0, 3, 24), "estimated",
        "port-est-own", "south-west monsoon; estimate")
    convoy = ("transit of Turkmenistan goes in escorted convoys since June 2022 (rule-brightuz-2022), leaving from 08:00: a lorry "
              "that arrives at any hour waits half a day in the middle; hours are derived from an even arrival over the day")
    for ident, node in (("s-convoy-garabogaz", "tm-garabogaz-bcp"), ("s-convoy-farap", "tm-farap-bcp"),
                        ("s-convoy-serakhs", "tm-serakhs-bcp"), ("s-convoy-artyk", "tm-artyk-bcp"),
                        ("s-convoy-gaudan", "tm-gaudan-bcp"), ("s-convoy-akyayla", "tm-akyayla-bcp"),
                        ("s-convoy-dashoguz", "tm-dashoguz-bcp"), ("s-convoy-serhetabat", "tm-serhetabat-bcp")):
        add(ident, node, "", "convoy", "01-01", "12-31", "false", (2.4, 12, 21.6), "derived", "rule-brightuz-2022", convoy)


def make_spreads(package):
    def add(ident, mode, country, low, high, quality, source, note):
        package.add("SPREAD", spread_id=ident, mode=mode, country=country, low_factor=low, high_factor=high, quality=quality,
                    source_id=source, estimated_fields="low_factor;high_factor" if quality == "estimated" else "", note=note)

    add("sp-rail-any", "rail", "any", 0.8, 1.4, "estimated", EST, "between the Iranian and the Turkmen row")
    add("sp-rail-ir", "rail", "IR", 0.75, 1.25, "derived", "rail-nca-rai-2024",
        "3-5 days Sarakhs - Bandar Abbas: 3/4 and 5/4 of the middle; Aprin - Bandar Abbas 60-70 h against 49 h by "
        "schedule (rail-sdelanounas-2025, rail-yjc-2025) gives 0.75 too")
    add("sp-rail-tm", "rail", "TM", 0.95, 1.9, "derived", "rail-tm-times-2024",
        "best 17 h 45 min Etrek - Serhetyaka at 38 km/h against 35 km/h of the table; Serakhs - Farap 35 h one way, "
        "17 h 38 min the other; high half of the 72 h of before")
    add("sp-rail-kz", "rail", "KZ", 0.85, 1.5, "estimated", EST,
        "Bolashak - Altynkol 3450 km in five days = 29 km/h (rail-nca-plaster-2022) against 38-45 km/h of the table")
    add("sp-road-any", "road", "any", 0.85, 1.6, "derived", "tariff-cpmm-2022-road",
        "42 km/h moving, 23.4 km/h with all stops: the factor of 1.8 holds the borders too, so 1.6")
    add("sp-sea-any", "sea", "any", 0.95, 1.25, "estimated", EST,
        "head wind and slow passages; weather in port stands in season.csv; Xi'an - Absheron 16-21 days instead of 15-20 in a "
        "January with ten storm days (port-inbusiness-storms)")
