# SPDX-License-Identifier: Apache-2.0
"""measure/*.yaml: names in four languages, and what each measure changes in the tables, or why nothing.

`rows` in a measure means: the rows that trade_rule.py, trade_tariff.py and trade_words.py hand over to it are added.
"""
import json
import os

SOURCES = [
    ("iana-tzdata", "IANA time zone database, release read through Python's zoneinfo", "https://www.iana.org/time-zones", "IANA", "2026",
     "dated offsets of all zones; public domain"),
    ("national-holidays", "Public holidays by the labour codes and calendars of the countries, general knowledge", "", "Keruen data set",
     "2026-11", "fixed days; lunar days are reckoned and flagged estimated"),
]

KTI_LINKS = ["l-kz-uzen--kz-bolashak", "l-kz-bolashak--tm-serhetyaka", "l-tm-serhetyaka--tm-gyzylgaya", "l-tm-gyzylgaya--tm-yasga",
             "l-tm-yasga--tm-bereket", "l-tm-bereket--tm-bugdayly", "l-tm-bugdayly--tm-etrek", "l-tm-etrek--tm-akyayla",
             "l-tm-akyayla--ir-incheh-borun", "l-ir-incheh-borun--ir-sabz-dasht"]
DOSTYK = ["l-kz-moyynty--kz-balkhash", "l-kz-balkhash--kz-sayak", "l-kz-sayak--kz-aktogay", "l-kz-aktogay--kz-dostyk"]
HORMUZ = ["jebel-ali-liner", "khalifa-liner", "dammam-liner", "hamad-liner", "umm-qasr-liner", "sohar-liner", "mundra-liner", "nhava-sheva-liner",
          "kandla-tramp", "mumbai-tramp", "karachi-liner", "mombasa-liner", "dar-es-salaam-liner", "colombo-liner", "klang-liner", "shanghai-liner",
          "ningbo-liner", "qingdao-liner"]
HORMUZ_LINKS = ["sea-ir-shahid-rajaee--" + x for x in (
    "ae-jebel-ali", "ae-khalifa", "sa-dammam", "qa-hamad", "iq-umm-qasr", "om-sohar", "in-mundra", "in-nhava-sheva", "in-kandla", "in-mumbai",
    "pk-karachi", "ke-mombasa", "tz-dar-es-salaam", "lk-colombo", "my-port-klang", "cn-shanghai", "cn-ningbo", "cn-qingdao")]
STRAIT_LINKS = ["sea-ir-shahid-rajaee--dj-djibouti", "sea-ir-shahid-rajaee--ir-chabahar", "sea-ir-chabahar--ae-jebel-ali", "sea-ir-imam-khomeini--in-mundra",
                "sea-ae-jebel-ali--in-nhava-sheva", "sea-ae-jebel-ali--in-mundra", "sea-ae-jebel-ali--cn-shanghai", "sea-ae-jebel-ali--lk-colombo"]
ALBORZ = ["l-ir-incheh-borun--ir-sabz-dasht", "l-ir-sabz-dasht--ir-torkaman-port", "l-ir-torkaman-port--ir-rostamkola",
          "l-ir-rostamkola--ir-sari", "l-ir-sari--ir-qaemshahr", "l-ir-qaemshahr--ir-pol-sefid", "l-ir-pol-sefid--ir-gaduk", "l-ir-gaduk--ir-garmsar"]
SARAKHS_RAZI = ["l-ir-motahhari--ir-sarakhs", "l-ir-fariman--ir-motahhari", "l-ir-neyshabur--ir-fariman", "l-ir-shahrud--ir-neyshabur",
                "l-ir-semnan--ir-shahrud", "l-ir-garmsar--ir-semnan", "l-ir-garmsar--ir-bahram", "l-ir-bahram--ir-tehran", "l-ir-tehran--ir-karaj",
                "l-ir-karaj--ir-qazvin", "l-ir-qazvin--ir-zanjan", "l-ir-zanjan--ir-mianeh", "l-ir-mianeh--ir-maragheh",
                "l-ir-maragheh--ir-tabriz", "l-ir-tabriz--ir-sufian", "l-ir-sufian--ir-razi"]
SARAKHS_GC = [f"gc-ir-sarakhs-{d}-{m}" for d in ("1520-1435", "1435-1520")
              for m in ("transhipment", "transhipment-container", "transhipment-reefer", "bogie")]
AKYAYLA_GC = [g.replace("ir-sarakhs", "tm-akyayla") for g in SARAKHS_GC]
INCHE_GC = [g.replace("ir-sarakhs", "ir-incheh-borun") for g in SARAKHS_GC]
SERAKHS_BORDER = ["b-serakhs-sarakhs-tm-ir", "b-serakhs-sarakhs-ir-tm"]
BOLASHAK_BORDER = ["b-bolashak-serhetyaka-kz-tm", "b-bolashak-serhetyaka-tm-kz"]
AKTAU_GRAIN = ["term-aktau-akbiday-grain", "term-aktau-north-grain", "term-aktau-caspianglobal-grain"]
SRP_BOX = ["term-srp-ct1", "term-srp-ct2", "term-srp-cont-in", "term-srp-cont-road"]
LINE = "in_service"


def status(links, what=LINE, **kw):
    return dict(table="link", where={"link_id": links}, set={"kr_status": what}, **kw)


def dwell(where, low, typical, high, note, table="border", names=("dwell_low_h", "dwell_typical_h", "dwell_high_h")):
    return dict(table=table, where=where, scale=dict(zip(names, (low, typical, high))), quality="estimated", note=note)


HOURS3 = ("low_h", "typical_h", "high_h")
TARGET = "a goal for trade or tonnage; it stands in demand.csv with flow_type target"
FRAME = "a frame agreement; what follows from it is told by the single measures"
NO_RATE = "the rates agreed were not published"

HUB = dict(operation_id="term-aktau-hub-2026", name="Aktau container hub", node_id="kz-aktau-port", kind="transfer", from_side="rail",
           to_side="sea", cargo_class="container", servers="4", rate_per_h="15", unit="TEU", low_h="18", typical_h="48", high_h="96", cost_usd="55",
           free_storage_days="14", storage_usd_unit_day="3", quality="estimated", source_id="port-365info-2025-hub", estimated_fields="all",
           note="19 ha, 240 000 TEU a year by the end of 2026, first part open since 9 June 2025; servers, rate and hours estimated")
AMIRABAD = dict(operation_id="term-amirabad-kz-grain", name="Kazakh grain terminal Amirabad", node_id="ir-amirabad-port", kind="transfer",
                from_side="sea", to_side="rail", cargo_class="grain_bulk", servers="1", rate_per_h="150", unit="t", low_h="36", typical_h="72",
                high_h="168", cost_usd="7", free_storage_days="10", storage_usd_unit_day="0.1", quality="published", source_id="port-infranews-2010",
                estimated_fields="rate_per_h;low_h;typical_h;high_h;cost_usd;free_storage_days;storage_usd_unit_day",
                note="500 000 t a year, opening planned for mid May 2010, reported working in 2014 (port-tengri-2014); ownership and use after 2014 "
                     "not confirmed")
SRP_NOTE = ("not built; 15 ha reserved in November 2022, no start by 30 April 2024 (port-inform-2024-bandar), still planned in December 2025 "
            "(port-eurasianstar-2025-forum), at an impasse in March 2026 (port-trend-2026-hormuz-kz); throughput, silo size and cost are not "
            "published; ")
SRP_RAIL = dict(operation_id="term-srp-kz-plan-rail", name="Kazakh terminal Shahid Rajaee, grain", node_id="ir-shahid-rajaee-port",
                kind="transfer", from_side="rail", to_side="sea", cargo_class="grain_bulk", servers="1", rate_per_h="400", unit="t", low_h="48",
                typical_h="72", high_h="168", cost_usd="6", free_storage_days="30", storage_usd_unit_day="0.05", quality="estimated",
                source_id="port-pm-2022-bandar", estimated_fields="all",
                note=SRP_NOTE + "400 t/h is a design assumption after the 8 ha, 100 kt rail wheat terminal next door; Iranian officials of 2022 "
                                "expected Kazakh transit of 4 Mt a year (port-otagh-2022-pilot)")
SRP_STORE = dict(operation_id="term-srp-kz-plan-store", name="Kazakh terminal Shahid Rajaee, silos", node_id="ir-shahid-rajaee-port",
                 kind="storage", cargo_class="grain_bulk", servers="1", unit="t", low_h="24", typical_h="240", high_h="1440",
                 free_storage_days="30", storage_usd_unit_day="0.05", storage_t="100000", quality="estimated", source_id="port-pm-2022-bandar",
                 estimated_fields="all", note=SRP_NOTE + "capacity assumed; silos named in 2022 as to be studied")
SRP_CONT = dict(operation_id="term-srp-kz-plan-cont", name="Kazakh terminal Shahid Rajaee, containers", node_id="ir-shahid-rajaee-port",
                kind="transfer", from_side="rail", to_side="sea", cargo_class="container", servers="1", rate_per_h="20", unit="TEU", low_h="24",
                typical_h="72", high_h="168", cost_usd="60", free_storage_days="30", storage_usd_unit_day="1", quality="estimated",
                source_id="port-pm-2022-bandar", estimated_fields="all", note=SRP_NOTE + "container part assumed")
SRP_MECH = dict(operation_id="term-srp-mech-grain", name="Mechanised grain terminal Shahid Rajaee", node_id="ir-shahid-rajaee-port",
                kind="transfer", from_side="sea", to_side="rail", cargo_class="grain_bulk", servers="2", rate_per_h="600", unit="t", low_h="48",
                typical_h="72", high_h="168", cost_usd="6", free_storage_days="15", storage_usd_unit_day="0.1", quality="published",
                source_id="port-boshra-grain150",
                estimated_fields="low_h;typical_h;high_h;cost_usd;free_storage_days;storage_usd_unit_day",
                note="12 silos of 150 kt, two unloaders of 600 t/h, 6.6 ha, 13 percent complete when reported")
INCHE_GRAIN = dict(gauge_change_id="gc-ir-incheh-borun-grain-terminal", node_id="ir-incheh-borun", from_gauge_mm="1520", to_gauge_mm="1435",
                   method="transhipment", cargo_class="grain_bulk", low_h="3", typical_h="8", high_h="24", wagons_per_day="100", cost_usd="5",
                   cost_unit="t", quality="estimated", source_id="measure-ft-grainterminal", estimated_fields="all",
                   note="design assumption: half of the usual hours and twice the wagons of 2022; no figures were published but a goal of 1.5 Mt")
ALWAYS = {d: "00:00-24:00" for d in "monday tuesday wednesday thursday friday saturday sunday".split()}

# id: (ru, kk, fa, changes or "reason", extra fields)
M = {
    "m-kti-rail-2014": ("Открытие железной дороги Казахстан - Туркменистан - Иран", "Қазақстан - Түрікменстан - Иран теміржолының ашылуы",
        "گشایش راه‌آهن قزاقستان - ترکمنستان - ایران", [status(KTI_LINKS, note="without it the whole line is planned")],
        dict(cost_source_id="measure-ft-inche-2015")),
    "m-kti-uniform-rate-2015": ("Единые контейнерные ставки Китай - Иран", "Қытай - Иран бірыңғай контейнер мөлшерлемелері",
        "نرخ یکسان کانتینر چین - ایران", "rows", dict(in_force_to="2015-12-31")),
    "m-kostanay-ba-120-2015": ("Предложение 120 долл./т Костанай - Бендер-Аббас", "Қостанай - Бендер-Аббас 120 АҚШ долл./т ұсынысы",
        "پیشنهاد ۱۲۰ دلار بر تن قستانای - بندرعباس", [dict(table="tariff", where={"tariff_id": "tar-kostanay-ba-2015"}, set={"use": "rate"})], {}),
    "m-grain-terminal-inche-2014": ("Казахстанский зерновой терминал в Инче-Буруне", "Инче-Бурундағы қазақстандық астық терминалы",
        "پایانه غله قزاقستان در اینچه‌برون", [dict(table="gauge_change", add=[INCHE_GRAIN])], {}),
    "m-amirabad-terminal": ("Казахстанский зерновой терминал в Амирабаде", "Әмірабадтағы қазақстандық астық терминалы",
        "پایانه غله قزاقستان در امیرآباد", [dict(table="operation", add=[AMIRABAD])], {}),
    "m-ktze-irisl-2017": ("СП KTZ Express и IRISL, терминал в Бендер-Аббасе", "KTZ Express пен IRISL бірлескен кәсіпорны, Бендер-Аббас терминалы",
        "شرکت مشترک KTZ Express و کشتیرانی ایران در بندرعباس", "dropped; a later plan for the same place is m-sr-terminal-2025-12", {}),
    "m-ktzir-tariff-2017": ("Протокол КТЖ - РАИ о тарифных преференциях", "ҚТЖ - РАИ тариф жеңілдіктері хаттамасы",
        "پروتکل ترجیحات تعرفه‌ای راه‌آهن قزاقستان و ایران", "the discounts were not published as numbers", {}),
    "m-road-permits-2018": ("1000 автомобильных разрешений на 2019 год", "2019 жылға 1000 автокөлік рұқсаты", "۱۰۰۰ مجوز جاده‌ای برای ۲۰۱۹",
        "a quota of permits; the model asks for a permit, it does not count them", {}),
    "m-corridor-5-2019": ("Документ пяти государств о едином тарифе", "Бес мемлекеттің бірыңғай тариф құжаты", "سند کریدور ریلی پنج کشور",
        NO_RATE + "; superseded", {}),
    "m-tm-rail-mou-2021": ("Меморандум железных дорог Ирана и Туркменистана", "Иран мен Түрікменстан темір жолдарының меморандумы",
        "یادداشت تفاهم راه‌آهن ایران و ترکمنستان",
        [dict(table="gauge_change", where={"gauge_change_id": SARAKHS_GC}, set={"wagons_per_day": "200"}, note="exchange doubled; 200 of 400 wagons a "
              "day reached in 2022, so 100 before"),
         dict(table="border", where={"border_id": SERAKHS_BORDER}, set={"wagons_per_day": "200"})], {}),
    "m-ecr-mou-kzir-2022-05": ("Меморандум КТЖ - РАИ по маршруту Центральная Азия - Турция - Европа",
        "ҚТЖ - РАИ Орталық Азия - Түркия - Еуропа бағыты меморандумы", "تفاهم‌نامه راه‌آهن قزاقستان و ایران برای آسیای میانه - ترکیه - اروپا", NO_RATE, {}),
    "m-tehran-2022-rail5mt": ("Железные дороги: до 5 млн т в год по КТИ", "Теміржолшылар: КТИ арқылы жылына 5 млн т дейін",
        "رؤسای راه‌آهن: تا ۵ میلیون تن در سال", TARGET, {}),
    "m-tehran-2022-3bn": ("Цель товарооборота 3 млрд долл.", "Тауар айналымының 3 млрд долл. мақсаты", "هدف تجارت ۳ میلیارد دلاری", TARGET, {}),
    "m-visa-kz-2022": ("Безвизовый въезд иранцев в Казахстан на 14 дней", "Иран азаматтарына Қазақстанға 14 күндік визасыз кіру",
        "لغو روادید ۱۴ روزه قزاقستان برای ایرانیان", "rows", {}),
    "m-visa-ir-2022": ("Безвизовый въезд казахстанцев в Иран на 14 дней", "Қазақстан азаматтарына Иранға 14 күндік визасыз кіру",
        "لغو روادید ۱۴ روزه ایران برای قزاق‌ها", "rows", {}),
    "m-tm-transit-reopen-2022": ("Туркменистан вновь открыл автотранзит", "Түрікменстан автотранзитті қайта ашты", "بازگشایی ترانزیت جاده‌ای ترکمنستان",
        [dict(table="visa", where={"visa_id": "visa-any-tm-driver-closed2020"}, set={"valid_to": "2022-05-31"}, note="foreign drivers are admitted again"),
         "rows"], {}),
    "m-tm-fees-2022": ("Туркменистан отменил сбор за км с иранских фур, твёрдые сборы", "Түрікменстан ирандық жүк көліктерінен км ақысын алып тастады",
        "لغو عوارض کیلومتری ترکمنستان برای کامیون‌های ایرانی",
        [dict(table="tariff", where={"tariff_id": "tar-tm-iran-perkm-2022"}, set={"valid_to": "2022-09-30"}), "rows"], {}),
    "m-kzir-transit-mou-2022-10": ("Меморандум: электронная таможня, согласованные сборы, визы водителей", "Меморандум: электронды кеден, келісілген алымдар",
        "یادداشت تفاهم: گمرک الکترونیک، عوارض هماهنگ، روادید رانندگان", FRAME, {}),
    "m-ba-15ha-2022": ("15 га под сухой терминал Казахстана в Бендер-Аббасе", "Бендер-Аббаста қазақ терминалына 15 га", "۱۵ هکتار برای پایانه خشک قزاقستان در بندرعباس",
        "the plot alone moves nothing; the terminal is m-sr-terminal-2025-12", {}),
    "m-kti-rate-2023": ("Единые сниженные контейнерные ставки 2023 года", "2023 жылғы бірыңғай төмендетілген контейнер мөлшерлемелері",
        "نرخ یکپارچه کاهش‌یافته کانتینر ۲۰۲۳", "rows", dict(in_force_to="2023-12-31")),
    "m-kti-discount-2023-03": ("Скидки 40 % КЗ, 50 и 40 % ТМ", "Жеңілдіктер: ҚЗ 40 %, ТМ 50 және 40 %", "تخفیف ۴۰٪ قزاقستان، ۵۰ و ۴۰٪ ترکمنستان", "rows",
        dict(in_force_to="2023-12-31", note="the 50 percent for Akyayla is a row of m-tm-coefs-2023-2026")),
    "m-jv-operator-2023": ("СП KTZ Express, РЖД Логистики и туркменского центра", "KTZ Express, РЖД Логистика және түрікмен орталығының бірлескен кәсіпорны",
        "شرکت مشترک KTZ Express، RZD Logistics و مرکز لجستیک ترکمنستان", "one operator and one price for containers; the price was not published", {}),
    "m-rasht-astara-2023": ("Железная дорога Решт - Астара", "Решт - Астара теміржолы", "راه‌آهن رشت - آستارا", [status(["l-ir-rasht--ir-astara"])],
        dict(cost_source_id="measure-mehr-rasht-2025")),
    "m-ny-meeting-2023": ("Встреча Токаева и Раиси в Нью-Йорке", "Тоқаев пен Раисидің Нью-Йорктегі кездесуі", "دیدار توکایف و رئیسی در نیویورک",
        "a statement without a number", {}),
    "m-fta-2025": ("Соглашение о свободной торговле ЕАЭС - Иран", "ЕАЭО - Иран еркін сауда келісімі", "توافق تجارت آزاد اوراسیا - ایران", "rows", {}),
    "m-ir-28-2024": ("Отмена виз Ираном для 28 стран", "Иранның 28 елге визаны жоюы", "لغو روادید ایران برای ۲۸ کشور", "rows", {}),
    "m-cn-kz-visa-2023": ("Безвизовый режим Китай - Казахстан, 30 дней", "Қытай - Қазақстан визасыз режимі, 30 күн", "لغو روادید چین - قزاقستان، ۳۰ روز", "rows", {}),
    "m-cn-ir-train-2024": ("Контейнерные поезда Китай - Иран возобновлены", "Қытай - Иран контейнер пойыздары қайта жолға шықты",
        "از سرگیری قطارهای کانتینری چین - ایران", "the trains stand in the timetable (rail-xian-aprin); the service is dated there", {}),
    "m-roadmap-instc-east-2024": ("Дорожная карта восточного маршрута 2024-2025", "Шығыс бағыттың 2024-2025 жол картасы", "نقشه راه مسیر شرقی ۲۰۲۴-۲۰۲۵", TARGET, {}),
    "m-kztm-road-protocol-2024": ("Протокол к соглашению КЗ - ТМ: перевозки без разрешений", "ҚЗ - ТМ келісіміне хаттама: рұқсатсыз тасымал",
        "پروتکل جاده‌ای قزاقستان - ترکمنستان: بدون مجوز",
        [dict(table="rule", where={"rule_id": "rule-kztm-road-permit-est"}, remove=True, note="the permit falls away"), "rows"], {}),
    "m-kztm-drivervisa-2025": ("Безвизовый режим для водителей КЗ - ТМ (изучается)", "ҚЗ - ТМ жүргізушілеріне визасыз режим (қарастырылуда)",
        "لغو روادید رانندگان قزاقستان - ترکمنستان (در بررسی)",
        [dict(table="visa", add=[dict(visa_id="visa-kz-tm-driver-free", use="rule", subject="driver", nationality="KZ", destination="TM", regime="visa_free",
              lead_typical_days="0", lead_high_days="0", cost_usd="0", priority="20", quality="published", source_id="rule-nca-altroutes-2025",
              note="under study in January 2025; stay not told"),
              dict(visa_id="visa-tm-kz-driver-free", use="rule", subject="driver", nationality="TM", destination="KZ", regime="visa_free",
              lead_typical_days="0", lead_high_days="0", cost_usd="0", priority="20", quality="published", source_id="rule-nca-altroutes-2025",
              note="under study in January 2025; stay not told")])], {}),
    "m-uzir-tax-2025": ("Отмена 400-процентного сбора с фур Иран - Узбекистан", "Иран - Өзбекстан жүк көлігіне 400 % алымның жойылуы",
        "حذف عوارض ۴۰۰ درصدی کامیون ایران - ازبکستان", "the fee that the surcharge multiplied was not published (tar-ir-uz-tax400)", {}),
    "m-almaty-4rail-2025": ("Четыре железные дороги: выгодный сквозной тариф до Бендер-Аббаса", "Төрт теміржол: Бендер-Аббасқа дейінгі тиімді тариф",
        "چهار راه‌آهن: تعرفه سراسری تا بندرعباس", NO_RATE, {}),
    "m-bolashak-joint-2025": ("Открытие совместного пункта пропуска Болашак", "Болашақ бірлескен өткізу пункті", "بازگشایی گذرگاه مشترک بولاشاک",
        [dwell({"border_id": BOLASHAK_BORDER}, "0.5", "0.6", "0.7", "one inspection instead of two; hours saved not published, the factors are "
               "estimates")], {}),
    "m-six-tehran-2025-05": ("Шесть железных дорог: конкурентные тарифы Китай - Турция", "Алты теміржол: Қытай - Түркия бәсекелі тарифтері",
        "شش راه‌آهن: تعرفه رقابتی چین - ترکیه", NO_RATE, {}),
    "m-tri-uztmir-2025": ("Трёхсторонний протокол УЗ - ТМ - ИР", "УЗ - ТМ - ИР үшжақты хаттамасы", "پروتکل سه‌جانبه ازبکستان - ترکمنستان - ایران", NO_RATE, {}),
    "m-grain-3mt-2025": ("План 3 млн т пшеницы и ячменя в год в Иран", "Иранға жылына 3 млн т бидай мен арпа жоспары", "برنامه ۳ میلیون تن گندم و جو در سال", TARGET, {}),
    "m-kzir-jointroadmap-2025-08": ("Совместный комитет и пятилетнее соглашение по всем видам транспорта", "Бірлескен комитет және барлық көлік түрі бойынша бесжылдық келісім",
        "کمیته فنی مشترک و توافق پنج‌ساله حمل‌ونقل", FRAME, {}),
    "m-razi-electr-2025": ("Электрификация и второй путь Серахс - Рази", "Серахс - Рази электрлендіру және екінші жол", "برقی‌سازی و دوخطه کردن سرخس - رازی",
        [dict(table="link", where={"link_id": SARAKHS_RAZI}, set={"kr_electrified": "true", "kr_tracks": "2"}, note="capacity told as tripled; speeds not told")], {}),
    "m-garmsar-inche-electr": ("Электрификация Гармсар - Инче-Бурун", "Гармсар - Инче-Бурун электрлендіру", "برقی‌سازی گرمسار - اینچه‌برون",
        [dict(table="link", where={"link_id": ALBORZ}, set={"kr_electrified": "true"}),
         dict(table="link", where={"link_id": ALBORZ}, scale={"free_speed": "2"}, note="speed told as doubled")], dict(cost_source_id="measure-ft-electrif-2018")),
    "m-istanbul-2025-11": ("Стамбульская договорённость шести сторон", "Стамбулдағы алты жақты уағдаластық", "توافق شش‌جانبه استانبول", NO_RATE, {}),
    "m-memo-4rail-2025-11": ("Единый тариф восточного маршрута (обсуждение в Баку)", "Шығыс бағыттың бірыңғай тарифі (Бакуде талқыланды)", "تعرفه واحد مسیر شرقی (گفت‌وگو در باکو)", NO_RATE, {}),
    "m-astana-2025-12": ("Визит Пезешкиана: 14 документов", "Пезешкианның сапары: 14 құжат", "سفر پزشکیان: ۱۴ سند", FRAME, {}),
    "m-road-protocol-2025-12": ("Протокол об изменении автосоглашения КЗ - ИР", "ҚЗ - ИР автокөлік келісіміне өзгеріс хаттамасы", "پروتکل اصلاح موافقت‌نامه جاده‌ای قزاقستان - ایران",
        "content not published", {}),
    "m-mou-transport-2025-12": ("Меморандум о стратегическом сотрудничестве в транспорте", "Көліктегі стратегиялық ынтымақтастық меморандумы",
        "یادداشت همکاری راهبردی حمل‌ونقل", FRAME, {}),
    "m-sr-terminal-2025-12": ("Казахстанский транспортно-логистический терминал в порту Шахид Раджаи", "Шахид Раджаи портындағы қазақстандық терминал",
        "پایانه حمل‌ونقل قزاقستان در بندر شهید رجایی", [dict(table="operation", add=[SRP_RAIL, SRP_STORE, SRP_CONT])], {}),
    "m-trade-1bn-2bn-2025": ("Цели торговли 1, затем 2 млрд долл.", "Сауда мақсаты 1, кейін 2 млрд долл.", "هدف تجارت یک و سپس دو میلیارد دلار", TARGET, {}),
    "m-tradehouse-2025": ("Казахстанский торговый дом в Тегеране", "Тегерандағы қазақ сауда үйі", "خانه تجارت قزاقستان در تهران", "an office; it moves no cargo", {}),
    "m-caspian-ports-2025": ("Связи Актау и Курыка с Амирабадом и Анзали", "Ақтау мен Құрықтың Әмірабад және Анзалимен байланысы", "پیوند آکتائو و کوریک با امیرآباد و انزلی",
        [dict(table="frequencies", where={"trip_id": [f"sea-{a}-{b}-{k}-{w}" for a, b, k in (("aktau", "amirabad", "liner"), ("aktau", "anzali", "liner"),
              ("kuryk", "amirabad", "roro"), ("kuryk", "anzali", "roro"), ("kuryk", "amirabad", "tramp")) for w in ("out", "back")]},
              scale={"headway_secs": "0.5"}, quality="estimated", note="more ships are planned, how many is not told: twice as often is an assumption")], {}),
    "m-aktau-hub-2025": ("Контейнерный хаб Актау, первая очередь", "Ақтау контейнер хабы, бірінші кезең", "هاب کانتینری آکتائو، مرحله نخست",
        [dict(table="port", where={"node_id": "kz-aktau-port"}, set={"container_teu_year": "140000"}, note="about 70 000 before, 240 000 planned by the end of 2026"),
         dict(table="operation", add=[HUB])], {}),
    "m-grain-subsidy-2024": ("Субсидия на перевозку экспортного зерна", "Экспорттық астықты тасымалдау субсидиясы", "یارانه حمل غله صادراتی", "rows",
        dict(in_force_to="2025-08-31", cost_source_id="tariff-zakon-subsidy-2025")),
    "m-aktau-ban-2025-10": ("Запрет погрузки зерна на Актау", "Ақтауға астық тиеуге тыйым", "ممنوعیت بارگیری غله به آکتائو",
        [dict(table="calendar", add=[dict(calendar_id="aktau-grain-ban", holiday_country="XA", quality="published", source_id="trade-fieldcrops-2025",
              note="open but for the days of the ban; XA is a user code of ISO 3166 for this one closure", **ALWAYS)]),
         dict(table="holiday", add=[dict(holiday_id="h-aktau-grain-ban", country="XA", name="Ban on loading grain for Aktau", date_from="2025-10-06",
              date_to="2025-10-20", quality="published", source_id="trade-fieldcrops-2025")]),
         dict(table="operation", where={"operation_id": AKTAU_GRAIN}, set={"calendar_id": "aktau-grain-ban"})], dict(in_force_to="2025-10-20")),
    "m-foreign-wagon-ban-2025": ("Запрет погрузки в иностранные вагоны", "Шетелдік вагондарға тиеуге тыйым", "ممنوعیت بارگیری در واگن‌های خارجی",
        "wagons are not told apart by owner in the tables", dict(in_force_to="2025-12-31")),
    "m-ktz-tariff-2026": ("Методика тарифа КТЖ 2026-2030", "ҚТЖ 2026-2030 тариф әдістемесі", "روش تعرفه راه‌آهن قزاقستان ۲۰۲۶-۲۰۳۰", "rows", {}),
    "m-shahid-rajaee-2025-04": ("Взрыв в порту Шахид Раджаи", "Шахид Раджаи портындағы жарылыс", "انفجار بندر شهید رجایی",
        [dict(table="operation", where={"operation_id": SRP_BOX}, scale={"rate_per_h": "0.9"}, quality="estimated",
              note="yard and cranes 10 percent down for three months, an estimate; the longer stay of boxes is m-explosion-reaction-2025")],
        dict(in_force_to="2025-07-25")),
    "m-hormuz-2026": ("Судоходство через Ормуз фактически остановлено", "Ормуз арқылы кеме қатынасы тоқтады", "توقف کشتیرانی در تنگه هرمز",
        [status(HORMUZ_LINKS, "closed", note="lanes told as suspended from 28 February to about 21 June 2026"),
         status(STRAIT_LINKS, "closed", quality="estimated", note="other lanes through the strait, by the map")],
        dict(in_force_to="2026-06-21", status="ended (weak)", note="strikes on 28 February 2026, ceasefire in April, blockade from about 13 April "
             "(sea-eineurope-2026); declared lifted by 22 June 2026 (sea-monexus-2026-06, weak source); the partial state after it is m-hormuz-partial-2026; "
             "the Iranian ambassador denied a closure on 2026-03-04 (trade-gapim-uz-2026); Caspian grain resumed in the spring (trade-devdiscourse-2026)")),
    "m-war-2025-06": ("Двенадцатидневная война", "Он екі күндік соғыс", "جنگ دوازده‌روزه",
        [dwell({"from_country": "IR"}, "1", "1.5", "2", "no figures told; factors are estimates"),
         dwell({"to_country": "IR"}, "1", "1.5", "2", "no figures told; factors are estimates")],
        dict(in_force_to="2025-06-24")),
    "m-iran-vessels-2025": ("Доступ иранских судов в порты Казахстана", "Иран кемелерінің Қазақстан порттарына кіруі", "دسترسی کشتی‌های ایرانی به بنادر قزاقستان",
        "an open question; ships are not told apart by flag (sn-caspian-iran-ships flags it)", {}),
    "m-tmtm-10mt": ("Транскаспийский маршрут до 10 млн т", "Транскаспий бағыты 10 млн т дейін", "مسیر ترانس‌خزر تا ۱۰ میلیون تن", "a goal for the whole route, not told by place", {}),
    "m-instc-membership-kz": ("Присоединение Казахстана к соглашению МТК Север - Юг", "Қазақстанның Солтүстік - Оңтүстік келісіміне қосылуы",
        "پیوستن قزاقستان به کریدور شمال - جنوب", "legal frame without a figure", {}),
    "m-etir-annex11": ("Правовая база eTIR (приложение 11)", "eTIR құқықтық негізі (11-қосымша)", "پایه حقوقی eTIR (پیوست ۱۱)", "rows", {}),
    "m-instc-jv-russia-train-2025": ("Поезд Россия - Априн, 62 сорокафутовых", "Ресей - Априн пойызы, 62 ФЭУ", "قطار روسیه - آپرین، ۶۲ کانتینر",
        "the train stands in the timetable as a trial (rail-rzdl-north-aprin); its 13 days are a check", {}),
    "m-sarakhs-ba-speed-2024": ("РАИ: Серахс - Бендер-Аббас за 3-5 суток", "РАИ: Серахс - Бендер-Аббас 3-5 тәулік", "سرخس - بندرعباس در ۳ تا ۵ روز",
        "a running time told by the railway; it checks ours", {}),
    "m-coal-train-2022": ("Первый угольный поезд через Инче-Бурун", "Инче-Бурун арқылы алғашқы көмір пойызы", "نخستین قطار زغال‌سنگ از اینچه‌برون",
        "the train stands in the timetable as a trial (rail-kz-coal-iran)", {}),
    "m-tm-coefs-2023-2026": ("Туркменский коэффициент 0,50 через Акяйлу", "Ақяйла арқылы түрікмен 0,50 коэффициенті", "ضریب ۰٫۵۰ ترکمنستان از آق‌یایلا", "rows",
        dict(note="rows of 2023, 2025 Q3 and 2026 Q1 as seen; each is carried forward over the quarters not seen")),
    "m-sr-rail-branch-shift": ("Допущение: ставки КТИ 2023 года сохраняются", "Болжам: 2023 жылғы КТИ мөлшерлемелері сақталады", "فرض: نرخ ۲۰۲۳ ادامه دارد", "rows",
        dict(in_force_from="2024-01-01", parties=["KZ", "TM", "IR"])),
    "m-inche-reconnect-2021": ("Туркменистан вновь соединил путь у Инче-Буруна", "Түрікменстан Инче-Бурундағы жолды қайта қосты", "اتصال دوباره خط ترکمنستان در اینچه‌برون",
        [dict(table="link", where={"link_id": "l-tm-akyayla--ir-incheh-borun"}, set={"kr_gauge_mm": "1520;1435"}, note="1520 mm reaches the Iranian station"),
         dict(table="gauge_change", where={"gauge_change_id": AKYAYLA_GC}, remove=True, note="the gauge is changed on the Iranian side from now on")], {}),
    "m-smailov-2023": ("Пять меморандумов КЗ - ИР", "ҚЗ - ИР бес меморандумы", "پنج یادداشت تفاهم قزاقستان - ایران", FRAME, {}),
    "m-snapback-2025": ("Возврат санкций ООН против Ирана", "БҰҰ санкцияларының қайтарылуы", "بازگشت تحریم‌های سازمان ملل", "rows", {}),
    "m-tm-allposts-2022": ("Десять пунктов Туркменистана открыты для иностранных фур", "Түрікменстанның он бекеті шетелдік жүк көліктеріне ашық",
        "گشایش ده گذرگاه ترکمنستان برای کامیون‌های خارجی", "rows", {}),
    "m-uztm-visa-block-2024": ("Узбекистан прекратил визы туркменским водителям", "Өзбекстан түрікмен жүргізушілеріне визаны тоқтатты", "توقف روادید ازبکستان برای رانندگان ترکمن", "rows",
        dict(in_force_to="2024-05-31")),
    "m-explosion-reaction-2025": ("Порт Шахид Раджаи приостановлен после взрыва", "Жарылыстан кейін порт тоқтатылды", "تعلیق بندر شهید رجایی پس از انفجار",
        [dwell({"operation_id": SRP_BOX}, "1.2", "1.5", "1.5", "stay of boxes half longer for four weeks, an estimate; ships were worked again within a "
               "day", "operation", HOURS3)],
        dict(in_force_from="2025-04-26", in_force_to="2025-05-23")),
    "m-eaeu-interim-2019": ("Временное соглашение ЕАЭС - Иран", "ЕАЭО - Иран уақытша келісімі", "توافق موقت اوراسیا - ایران", "rows", dict(in_force_to="2025-05-14")),
    "m-sarakhs-53h": ("Серахс - Бендер-Аббас за 53 часа", "Серахс - Бендер-Аббас 53 сағатта", "سرخس - بندرعباس در ۵۳ ساعت", "a running time told by the railway; it checks ours", {}),
}

# Measures beside measure.csv: from the notes on railways and ports.
NEW = {
    "m-dostyk-moyynty-2025": dict(en="Second track Dostyk - Moyynty", ru="Вторые пути Достык - Мойынты", kk="Достық - Мойынты екінші жолы", fa="خط دوم دوستیک - مویینتی",
        kind="infrastructure", parties=["KZ"], in_force_from="2025-09-30", status="done", quality="published", source_id="rail-kazinform-dostyk",
        effect="836 km, 12 to 60 pairs of trains a day (rail-railnews-dostyk-60)",
        changes=[dict(table="link", where={"link_id": DOSTYK}, set={"kr_tracks": "2", "kr_trains_per_day": "60"})]),
    "m-almaty-bypass-2025": dict(en="Almaty bypass, 75 km", ru="Обход Алматы, 75 км", kk="Алматыны айналма теміржол, 75 км", fa="راه‌آهن کمربندی آلماتی، ۷۵ کیلومتر",
        kind="infrastructure", parties=["KZ"], planned_from="2025-12-31", status="track complete, traffic not confirmed", quality="published",
        source_id="rail-railnews-dostyk-60", effect="trains from the north to Altynkol pass Almaty by",
        changes=[status(["l-kz-kazybek-bek--kz-zhetygen"])]),
    "m-moyynty-kyzylzhar-2026": dict(en="New line Moyynty - Kyzylzhar", ru="Новая линия Мойынты - Кызылжар", kk="Мойынты - Қызылжар жаңа желісі", fa="خط جدید مویینتی - قزلژار",
        kind="infrastructure", parties=["KZ"], planned_from="2026-12-31", status="under construction", quality="published", source_id="rail-trend-360",
        effect="360 km (329 also told), shorter from Dostyk to the Caspian", note="year published, day taken as its end; see rail-trend-1700km",
        changes=[status(["l-kz-kyzylzhar--kz-moyynty"])]),
    "m-darbaza-maktaaral-2026": dict(en="New line Darbaza - Maktaaral", ru="Новая линия Дарбаза - Мактаарал", kk="Дарбаза - Мақтаарал жаңа желісі", fa="خط جدید دربازه - مقتاارال",
        kind="infrastructure", parties=["KZ"], planned_from="2026-12-31", status="under construction", quality="published", source_id="rail-trend-1700km",
        effect="152 km towards Uzbekistan beside Saryagash", note="year published, day taken as its end", changes=[status(["l-kz-darbaza--kz-maktaaral"])]),
    "m-bakhty-ayagoz-2027": dict(en="New line Bakhty - Ayagoz", ru="Новая линия Бахты - Аягоз", kk="Бақты - Аягөз жаңа желісі", fa="خط جدید باختی - آیاگوز",
        kind="infrastructure", parties=["KZ", "CN"], planned_from="2027-12-31", status="under construction", quality="published", source_id="rail-trend-360",
        effect="272 km (295 also told), third crossing to China", note="2025-2027 told, day taken as the end; see rail-trend-1700km",
        changes=[status(["l-kz-ayagoz--kz-bakhty"])]),
    "m-rasht-caspian-2024": dict(en="Railway Rasht - Caspian port", ru="Железная дорога Решт - порт Каспиан", kk="Решт - Каспий порты теміржолы", fa="راه‌آهن رشت - بندر کاسپین",
        kind="infrastructure", parties=["IR"], in_force_from="2024-06-20", status="done", quality="published", source_id="rail-rgi-caspian",
        effect="37 km, the port of Anzali gets its railway", changes=[status(["l-ir-rasht--ir-caspian-port"])]),
    "m-chabahar-zahedan-2026": dict(en="Railway Chabahar - Zahedan", ru="Железная дорога Чабахар - Захедан", kk="Чабахар - Захедан теміржолы", fa="راه‌آهن چابهار - زاهدان",
        kind="infrastructure", parties=["IR", "IN"], planned_from="2026-03-20", status="84 percent in October 2025", quality="published",
        source_id="rail-chabahar-2025", effect="628 km, a port outside the Strait of Hormuz on the railway", note="March 2026 told, day approximate; opening "
        "not confirmed", changes=[status(["l-ir-zahedan--ir-khash", "l-ir-khash--ir-iranshahr", "l-ir-iranshahr--ir-chabahar-port"])]),
    "m-khaf-herat": dict(en="Railway Khaf - Herat, last 85 km", ru="Железная дорога Хаф - Герат, последние 85 км", kk="Хаф - Герат теміржолы, соңғы 85 км",
        fa="راه‌آهن خواف - هرات، ۸۵ کیلومتر پایانی", kind="infrastructure", parties=["IR", "AF"], status="under construction", quality="published",
        source_id="rail-frontier-khaf", effect="first 43 km 80 percent done in January 2025", changes=[status(["l-af-rozanak--af-herat"])]),
    "m-mianeh-tabriz": dict(en="New line Mianeh - Tabriz", ru="Новая линия Миане - Тебриз", kk="Миане - Тебриз жаңа желісі", fa="راه‌آهن میانه - تبریز",
        kind="infrastructure", parties=["IR"], status="open to Khavaran since 2021, last section not confirmed", quality="published",
        source_id="rail-iranpress-tabriz", effect="203 km instead of 281 km over Maragheh", changes=[status(["l-ir-mianeh--ir-tabriz"])]),
    "m-serakhs-tracks-2025": dict(en="Two more tracks at Serakhs", ru="Ещё два пути на станции Серахс", kk="Серахста тағы екі жол", fa="دو خط دیگر در سرخس",
        kind="infrastructure", parties=["TM", "IR"], agreed_on="2025-08-01", status="agreed", quality="published", source_id="rail-asiatoday-2025",
        effect="400 wagons a day aimed at, 200 reached in 2022", note="month of the agreement published, day approximate",
        changes=[dict(table="gauge_change", where={"gauge_change_id": SARAKHS_GC}, set={"wagons_per_day": "400"}, note="the aim told for 2025"),
                 dict(table="border", where={"border_id": SERAKHS_BORDER}, set={"wagons_per_day": "400"})]),
    "m-inche-150-2025": dict(en="Incheh Borun: 150 wagons a day", ru="Инче-Бурун: 150 вагонов в сутки", kk="Инче-Бурун: тәулігіне 150 вагон", fa="اینچه‌برون: ۱۵۰ واگن در روز",
        kind="procedure", parties=["TM", "IR"], agreed_on="2025-09-01", status="aim", quality="published", source_id="rail-trend-2025-wagons",
        effect="exchange of wagons from 50 to 150 a day", note="September 2025 told, day approximate",
        changes=[dict(table="gauge_change", where={"gauge_change_id": INCHE_GC}, set={"wagons_per_day": "150"})]),
    "m-aktau-dredge-2025": dict(en="Dredging of Aktau port", ru="Дноуглубление порта Актау", kk="Ақтау портының түбін тереңдету", fa="لایروبی بندر آکتائو",
        kind="infrastructure", parties=["KZ"], in_force_from="2025-06-01", status="under way, three stages", quality="published",
        source_id="port-bizmedia-2025-dredge", effect="depth 7.7 m at the end; the first stage is good for 3 to 4 years",
        note="May to June 2025 told as the start, day approximate; what the first stage gave is not told",
        changes=[]),
    "m-aktau-dredge-full": dict(en="Dredging of Aktau port complete, 7.7 m", ru="Дноуглубление Актау завершено, 7,7 м", kk="Ақтау портын тереңдету аяқталды, 7,7 м",
        fa="پایان لایروبی آکتائو، ۷٫۷ متر", kind="infrastructure", parties=["KZ"], status="planned", quality="published", source_id="port-bizmedia-2025-dredge",
        effect="ships load to 6.5 m instead of 4.5 m", changes=[dict(table="port", where={"node_id": "kz-aktau-port"}, set={"draught_m": "6.5"},
        quality="estimated", note="7.7 m of depth less about 1.2 m under the keel, the margin between depth and draught taken for the old state")]),
    "m-hormuz-partial-2026": dict(en="Hormuz half open", ru="Ормуз открыт наполовину", kk="Ормуз жартылай ашық", fa="تنگه هرمز نیمه‌باز", kind="procedure", parties=["IR"],
        planned_from="2026-06-22", status="scenario", quality="estimated", source_id="sea-jarayid-2026-hormuz",
        effect="about 70 crossings a day, half of normal: waits three times, rates two and a half times as high",
        note="undated, weak source; not in force by itself: chances taken in the notes are open 0.8, half open 0.15, shut 0.05",
        changes=[dict(table="tariff", where={"tariff_id": ["tar-sea-shahid-rajaee-" + x for x in HORMUZ] + ["tar-sea-rajaee-shanghai-40", "tar-sea-rajaee-ningbo-40"]},
                      scale={"price": "2.5"}),
                 dict(table="port", where={"node_id": "ir-shahid-rajaee-port"}, scale={"berth_wait_low_h": "3", "berth_wait_typical_h": "3",
                      "berth_wait_high_h": "3"})]),
    "m-srp-mech-grain": dict(en="Mechanised grain terminal at Shahid Rajaee", ru="Механизированный зерновой терминал Шахид Раджаи", kk="Шахид Раджаи механикаландырылған астық терминалы",
        fa="پایانه مکانیزه غله شهید رجایی", kind="infrastructure", parties=["IR"], status="13 percent complete when reported", quality="published",
        source_id="port-boshra-grain150", effect="12 silos of 150 kt, two unloaders of 600 t/h", changes=[dict(table="operation", add=[SRP_MECH])]),
}
NEW["m-aktau-dredge-2025"]["context"] = "what the first stage gave in draught is not told; the end state is m-aktau-dredge-full"

FIELDS = "kind parties agreed_on planned_from in_force_from in_force_to status effect cost_usd cost_source_id quality source_id note context".split()
RULE_TABLES = ("sanction", "rule", "visa", "tariff")


def text(v):
    return json.dumps(v, ensure_ascii=False)


def mapping(d):
    return "{" + ", ".join(f"{k}: {value(v)}" for k, v in d.items()) + "}"


def value(v):
    if isinstance(v, list):
        return "[" + ", ".join(text(x) for x in v) + "]"
    return text(str(v))


def change_lines(c):
    out = [f"  - table: {c['table']}"]
    if "where" in c:
        out.append(f"    where: {mapping(c['where'])}")
    for k in ("set", "scale"):
        if k in c:
            out.append(f"    {k}: {mapping(c[k])}")
    if "add" in c:
        out.append("    add:")
        for r in c["add"]:
            pairs = [f"{k}: {value(v)}" for k, v in r.items() if v != ""]
            out.append("      - " + pairs[0])
            out += ["        " + p for p in pairs[1:]]
    if c.get("remove"):
        out.append('    remove: "true"')
    for k in ("quality", "note"):
        if k in c:
            out.append(f"    {k}: {text(c[k])}")
    return out


def yaml_of(mid, names, fields, changes):
    lines = [f"id: {mid}", f"name: {mapping(names)}"]
    for k in FIELDS:
        v = fields.get(k, "")
        if v:
            lines.append(f"{k}: {value(v) if isinstance(v, list) else text(v)}")
    if changes:
        lines.append("changes:")
        for c in changes:
            lines += change_lines(c)
    return "\n".join(lines) + "\n"


def added_rows(mid, added):
    return [dict(table=t, add=added[t].pop(mid)) for t in RULE_TABLES if mid in added.get(t, {})]


def make(raw, added, out):
    done = 0
    for r in raw:
        ru, kk, fa, what, extra = M[r["id"]]
        f = dict(kind=r["kind"], parties=[p for p in r["parties"].split(";") if p], agreed_on=r["agreed_on"], planned_from=r["planned_from"],
                 in_force_from=r["in_force_from"], status=r["status"], effect=r["effect_on"], cost_usd=r["cost_usd"], quality=r["quality"],
                 source_id=r["source_id"], note=r["note"])
        changes = []
        if what == "rows":
            what = ["rows"]
        if isinstance(what, str):
            f["context"] = what
        else:
            for c in what:
                changes += added_rows(r["id"], added) if c == "rows" else [c]
            assert changes, r["id"]
        for k, v in extra.items():
            f[k] = f"{f[k]}; {v}" if k == "note" and f.get(k) and r["id"] != "m-hormuz-2026" else v
        done += write_one(out, r["id"], dict(en=r["name"], ru=ru, kk=kk, fa=fa), f, changes)
    for mid, d in NEW.items():
        done += write_one(out, mid, {k: d[k] for k in ("en", "ru", "kk", "fa")}, d, d["changes"])
    left = {t: list(v) for t, v in added.items() if v}
    assert not left, left
    print(f"{done:5} measure/")


def write_one(out, mid, names, fields, changes):
    with open(os.path.join(out, "measure", mid + ".yaml"), "w", encoding="utf-8") as f:
        f.write(yaml_of(mid, names, fields, changes))
    return 1
