# SPDX-License-Identifier: Apache-2.0
"""Names of places in the scripts of the corridor, and UN/LOCODEs that names alone do not give.

Names are facts of general knowledge; the local name of the raw tables fills the local language where
this list is silent. One line: ids | Russian | Kazakh | Persian | Turkmen | further spellings.
"""

LOCAL_LANGUAGE = {"KZ": "kk", "TM": "tk", "IR": "fa", "RU": "ru"}

TEXT = """
kz-aktau-port | Порт Актау | Ақтау порты | بندر آکتائو | Aktau porty | Актау-Порт;Ақтау;Актау;آکتائو;آقتائو;Aktau;Aqtau;Shevchenko;Шевченко;Актауский морской торговый порт
kz-aktau-city | Актау | Ақтау | آکتائو | Aktau | آقتائو;Aqtau;Шевченко
kz-kuryk-port | Порт Курык | Құрық порты | بندر کوریک | Kuryk porty | Курык;Құрық;Курык-Порт;کوریک;Kuryk;Quryq;Ералиево
kz-bautino-port | Порт Баутино | Баутин порты | باوتینو | Bautino porty | Баутино
kz-mangystau | Мангистау | Маңғыстау | مانگیستاو | | Мангышлак;Мангышлак станция
kz-uzen | Узень | Өзен | اوزن | Uzen | Жанаозен;Жаңаөзен;Zhanaozen;Novy Uzen;Новый Узень
kz-zhanaozen-city | Жанаозен | Жаңаөзен | ژاناوزن | Žanaozen | Новый Узень;Узень
kz-bolashak | Болашак | Болашақ | بولاشاک | Bolaşak | Болашак эксп.
kz-borzhakty | Боржакты | Боржақты
kz-yersai | Ерсай | Ерсай
kz-shetpe | Шетпе | Шетпе
kz-sai-utes | Сай-Утес | Сай-Өтес
kz-beineu,kz-beyneu-city | Бейнеу | Бейнеу | بینئو | Beýneu | Beyneu;Beineu
kz-oazis | Оазис | Оазис
kz-kulsary | Кульсары | Құлсары
kz-makat | Макат | Мақат
kz-atyrau,kz-atyrau-city | Атырау | Атырау | آتیرائو | Atyrau | Гурьев;Guryev
kz-ganyushkino | Ганюшкино | Ганюшкино
kz-kandyagash | Кандыагаш | Қандыағаш | قندی‌آغاش | | Октябрьск
kz-aktobe | Актобе I | Ақтөбе I | آقتوبه | Aktöbe | Актобе;Ақтөбе;Актюбинск;Aktobe;Aktyubinsk
kz-aktobe-city | Актобе | Ақтөбе | آقتوبه | Aktöbe | Актюбинск;Aktyubinsk
kz-nikeltau | Никельтау | Никельтау
kz-khromtau | Хромтау | Хромтау
kz-altynsarin | Алтынсарин | Алтынсарин
kz-iletsk | Илецк I | Елек I | | | Илецк;Соль-Илецк граница
kz-oral,kz-uralsk-city | Уральск | Орал | اورال | Oral | Uralsk;Oral
kz-semiglavy-mar | Семиглавый Мар | Семиглавый Мар
kz-zhem | Жем | Жем | | | Эмба;Emba
kz-shalkar | Шалкар | Шалқар | | | Челкар
kz-saksaulskaya | Саксаульская | Сексеуіл
kz-aral | Аральское Море | Арал теңізі | | | Аральск;Арал
kz-aralsk-city | Аральск | Арал
kz-kazaly | Казалинск | Қазалы | | | Казалы
kz-toretam | Торетам | Төретам | | | Тюратам;Байконур;Baikonur
kz-kyzylorda,kz-kyzylorda-city | Кызылорда | Қызылорда | قزل‌اوردا | Gyzylorda | Кзыл-Орда;Kzyl-Orda;Qyzylorda
kz-turkistan,kz-turkistan-city | Туркестан | Түркістан | ترکستان | Türkistan | Turkestan
kz-arys | Арысь I | Арыс I | | | Арысь;Арыс;Arys
kz-darbaza | Дарбаза | Дарбаза
kz-maktaaral | Мактаарал | Мақтаарал | | | Пахтаарал
kz-saryagash | Сарыагаш | Сарыағаш | ساری‌آغاش | | Сары-Агач
kz-shymkent,kz-shymkent-city | Шымкент | Шымкент | شیمکنت | Şimkent | Чимкент;Chimkent
kz-taraz,kz-taraz-city | Тараз | Тараз | تاراز | Taraz | Джамбул;Жамбыл;Dzhambul;Zhambyl
kz-lugovaya | Луговая | Луговая | | | Кулан
kz-shu | Шу | Шу | | | Чу;Chu
kz-kazybek-bek | Казыбек бек | Қазыбек бек | | | Узунагач
kz-almaty-1 | Алматы I | Алматы I | آلماتی | Almaty | Алма-Ата I;Алматы;Алма-Ата;Almaty;Alma-Ata
kz-almaty-city | Алматы | Алматы | آلماتی | Almaty | Алма-Ата;Alma-Ata;آلماآتا
kz-zhetygen | Жетыген | Жетіген
kz-altynkol | Алтынколь | Алтынкөл | آلتین‌کول | | Хоргос;Khorgos;Altynkol
kz-khorgos-city | Сухой порт Хоргос | Қорғас құрғақ порты | خورگس | Horgos | Хоргос;Қорғас;Khorgos;Khorgos Gateway;Horgos
kz-saryozek | Сарыозек | Сарыөзек | | | Сары-Озек
kz-ushtobe | Уштобе | Үштөбе | | | Уш-Тобе
kz-matai | Матай | Матай
kz-aktogay | Актогай | Ақтоғай
kz-dostyk | Достык | Достық | دوستیق | Dostyk | Дружба;Druzhba
kz-dostyk-city | Пост Достык | Достық бекеті | | | Достык;Достық
kz-ayagoz | Аягоз | Аягөз | | | Аягуз
kz-bakhty | Бахты | Бақты
kz-shar | Шар | Шар | | | Чарская
kz-semey,kz-semey-city | Семей | Семей | سمی | Semeý | Семипалатинск;Semipalatinsk
kz-aul | Аул | Ауыл
kz-oskemen | Усть-Каменогорск (Защита) | Өскемен | | | Усть-Каменогорск;Защита;Oskemen;Ust-Kamenogorsk;Оскемен
kz-aksu | Аксу | Ақсу
kz-pavlodar,kz-pavlodar-city | Павлодар | Павлодар | پاولودار | Pawlodar
kz-sharbakty | Шарбакты | Шарбақты | | | Щербакты
kz-ekibastuz | Экибастуз I | Екібастұз I | | | Экибастуз;Екібастұз;Ekibastuz
kz-astana | Астана (Сороковая) | Астана (Сороковая) | آستانه | Astana | Сороковая;Астана;Нур-Султан;Астана-Сороковая;Nur-Sultan
kz-astana-city | Астана | Астана | آستانه | Astana | Нур-Султан;Nur-Sultan;Акмола;Целиноград
kz-kokshetau | Кокшетау I | Көкшетау I | | | Кокшетау;Көкшетау;Кокчетав;Kokchetav;Kokshetau
kz-kokshetau-city | Кокшетау | Көкшетау | | | Кокчетав;Kokchetav
kz-petropavl,kz-petropavl-city | Петропавловск | Петропавл | پتروپاول | | Petropavlovsk
kz-atbasar | Атбасар | Атбасар
kz-esil | Есиль | Есіл
kz-arkalyk | Аркалык | Арқалық
kz-shubarkol | Шубарколь | Шұбаркөл
kz-kyzylzhar | Кызылжар | Қызылжар
kz-tobol | Тобол | Тобыл
kz-kostanay,kz-kostanay-city | Костанай | Қостанай | قوستانای | Kostanaý | Кустанай;Kustanai;Qostanay;Kostanai;کوستانای
kz-novoishimskaya | Новоишимская | Новоишимская
kz-karaganda,kz-karaganda-city | Караганда | Қарағанды | قراغندی | Karaganda | Караганды;Qaraghandy
kz-zharyk | Жарык | Жарық
kz-zhezkazgan,kz-zhezkazgan-city | Жезказган | Жезқазған | | | Джезказган
kz-moyynty | Мойынты | Мойынты
kz-balkhash | Балхаш I | Балқаш | | | Балхаш
kz-sayak | Саяк | Саяқ
kz-saryshagan | Сарышаган | Сарышаған | | | Сары-Шаган
kz-kenderli-place | Кендерли | Кендірлі
kz-temirbaba-bcp | Пост Темир-Баба | Темір-Баба бекеті | | | Темир-Баба;Темір-Баба;Temir Baba
kz-tazhen-bcp | Пост Тажен | Тәжен бекеті | | | Тажен;Тәжен
kz-konysbaeva-bcp | Пост Б. Конысбаева | Б. Қонысбаев бекеті | | | Б. Конысбаев;Б. Қонысбаев
kz-kordai-bcp | Пост Кордай | Қордай бекеті | | | Кордай;Қордай
kz-nurzhol-bcp | Пост Нур Жолы (Хоргос) | Нұр жолы бекеті | | | Нур Жолы;Нұр жолы;Хоргос
kz-kurmangazy-bcp | Пост Курмангазы | Құрманғазы бекеті | | | Курмангазы;Құрманғазы
kz-syrym-bcp | Пост Сырым | Сырым бекеті | | | Сырым
kz-kairak-bcp | Пост Кайрак | Қайрақ бекеті | | | Кайрак;Қайрақ
kz-zhanazhol-bcp | Пост Жана Жол | Жаңа жол бекеті | | | Жана Жол;Жаңа жол
kz-zhaisan-bcp | Пост Жайсан | Жайсаң бекеті | | | Жайсан;Жайсаң
tm-serhetyaka | Серхетяка | Серхетяка | سرحدیاقا | Serhetýaka | Serhetyaka
tm-gyzylgaya | Гызылгая | | | Gyzylgaýa | Кызылкая
tm-yasga | Ясга | | | Ýasga
tm-bereket,tm-bereket-city | Берекет | Берекет | برکت | Bereket | Казанджик;Gazanjyk;Kazandzhik
tm-bugdayly | Бугдайлы | | | Bugdaýly
tm-etrek,tm-etrek-city | Этрек | Этрек | اترک | Etrek | Атрек;Кизыл-Атрек;Gyzyletrek;Atrek
tm-akyayla | Акяйла | Ақяйла | آق‌یایلا | Akýaýla | Ак-Яйла
tm-turkmenbashi,tm-turkmenbashi-city | Туркменбаши | Түрікменбашы | ترکمن‌باشی | Türkmenbaşy | Красноводск;Krasnovodsk
tm-turkmenbashi-port | Порт Туркменбаши | Түрікменбашы порты | بندر ترکمن‌باشی | Türkmenbaşy halkara deňiz porty | Туркменбаши;ترکمن‌باشی;Türkmenbaşy;Turkmenbashi;Turkmenbashi port;Красноводск;Krasnovodsk;Түрікменбашы
tm-balkanabat,tm-balkanabat-city | Балканабат | Балқанабат | بالکان‌آباد | Balkanabat | Небит-Даг;Nebitdag
tm-gyzylarbat | Кызыларбат (Сердар) | | | Gyzylarbat | Кызыл-Арват;Сердар;Serdar
tm-serdar-city | Сердар | | | Serdar | Кызыл-Арват;Кызыларбат;Gyzylarbat
tm-ashgabat,tm-ashgabat-city | Ашхабад | Ашғабат | عشق‌آباد | Aşgabat | Ашгабат;Ashkhabad
tm-tejen,tm-tejen-city | Теджен | | تجن | Tejen
tm-altyn-sahra | Алтын Сахра | | | Altyn Sähra | Парахат
tm-serakhs | Серахс | Серахс | سرخس ترکمنستان | Sarahs | Сарахс;Serakhs;Saragt
tm-serakhs-bcp | Пост Серахс | | سرخس ترکمنستان | Sarahs gümrük | Серахс;Сарахс;Sarahs
tm-mary,tm-mary-city | Мары | Мары | مرو | Mary | Мерв;Merv
tm-serhetabat | Серхетабат | | سرحدآباد | Serhetabat | Кушка;Gushgy
tm-serhetabat-bcp | Пост Серхетабат | | سرحدآباد | Serhetabat | Кушка
tm-turkmenabat,tm-turkmenabat-city | Туркменабат | Түрікменабат | ترکمن‌آباد | Türkmenabat | Чарджоу;Чарджев;Chardzhou;Туркменабад
tm-farap | Фарап | | فاراپ | Farap
tm-farap-bcp | Пост Фарап | | فاراپ | Farap | Фарап
tm-dashoguz,tm-dashoguz-city | Дашогуз | Дашоғұз | داش‌اغوز | Daşoguz | Ташауз;Dashhowuz;Tashauz
tm-dashoguz-bcp | Пост Дашогуз | | | Daşoguz gümrük
tm-karakum | Дарваза (Ичогуз) | | | Derweze | Ичогуз;Каракумы
tm-kerki | Керки | | | Kerki | Атамурат;Атамырат
tm-ymamnazar | Имамназар | | امام‌نظر | Ymamnazar | Imamnazar
tm-garabogaz-port | Порт Гарабогаз (Бекдаш) | Қарабұғаз порты | قره‌بغاز | Garabogaz | Гарабогаз;Бекдаш;Bekdash
tm-garabogaz-city | Гарабогаз | | قره‌بغاز | Garabogaz | Бекдаш;Bekdash
tm-garabogaz-bcp | Пост Гарабогаз | | | Garabogaz gümrük | Гарабогаз
tm-akyayla-bcp | Пост Алтын Асыр (Акяйла) | | آق‌یایلا | Altyn Asyr | Акяйла;Akýaýla
tm-gaudan-bcp | Пост Ховдан (Гаудан) | | | Howdan | Гаудан;Gaudan
tm-artyk-bcp | Пост Артык | | | Artyk | Артык
ir-incheh-borun | Инче-Бурун | Инче-Бурун | اینچه‌برون | Inçeburun | Инче-Борун;Инчебурун;Inche Burun;Incheh Boroun;اینچه برون
ir-incheborun-bcp | Пост Инче-Бурун | | اینچه‌برون | Inçeburun | Инче-Борун;اینچه برون
ir-sabz-dasht | Сабздашт | | سبزدشت
ir-gorgan,ir-gorgan-city | Горган | Горган | گرگان | Gürgen | Гурган;Gurgan
ir-bandar-torkaman,ir-torkaman-port | Бендер-Торкемен | Бендер-Торкемен | بندر ترکمن | Bender-Türkmen | Бендер-Туркмен;Bandar-e Torkaman
ir-rostamkola | Ростамкола | | رستمکلا
ir-amirabad-port | Порт Амирабад | Амирабад порты | بندر امیرآباد | Emirabat porty | Амирабад;Амирабад порты;امیرآباد;امیر آباد;Amirabad;Bandar Amirabad;Амірабад
ir-sari,ir-sari-city | Сари | | ساری
ir-qaemshahr | Каэмшехр | | قائم‌شهر | | Кайемшехр;Шахи
ir-pol-sefid | Поль-Сефид | | پل سفید
ir-gaduk | Гадук | | گدوک
ir-garmsar,ir-garmsar-city | Гармсар | | گرمسار
ir-bahram | Бахрам | | بهرام
ir-tehran,ir-tehran-city | Тегеран | Тегеран | تهران | Tähran | Teheran;Тегран;Tähran
ir-aprin | Сухой порт Априн | Априн құрғақ порты | بندر خشک آپرین | | Априн;آپرین;Aperin;Aprin;Eslamshahr;Исламшехр
ir-qom,ir-qom-city | Кум | Құм | قم
ir-arak | Эрак | | اراک | | Арак
ir-azna | Азна | | ازنا
ir-dorud | Доруд | | دورود
ir-andimeshk | Андимешк | | اندیمشک
ir-ahvaz,ir-ahvaz-city | Ахваз | | اهواز
ir-khorramshahr | Хорремшехр | | خرمشهر | | Хорремшахр
ir-shalamcheh | Шаламче | | شلمچه
ir-shalamcheh-bcp | Пост Шаламче | | شلمچه
ir-mahshahr | Бендер-Махшехр | | بندر ماهشهر
ir-imam-khomeini-port | Порт Бендер-Имам-Хомейни | Бендер-Имам-Хомейни порты | بندر امام خمینی | Bender-Imam-Homeýni | Бендер-Имам-Хомейни;Имам Хомейни;Bandar-e Emam Khomeyni;BIK;Bandar Imam
ir-mohammadieh | Мохаммадие | | محمدیه
ir-kashan | Кашан | | کاشان
ir-badrud | Бадруд | | بادرود
ir-isfahan-sistan | Систан (Исфахан) | | سیستان اصفهان
ir-isfahan,ir-isfahan-city | Исфахан | Исфахан | اصفهان | Yspyhan | Esfahan
ir-shiraz,ir-shiraz-city | Шираз | Шираз | شیراز
ir-ardakan | Ардекан | | اردکان
ir-yazd,ir-yazd-city | Йезд | | یزد
ir-eqlid | Эклид | | اقلید
ir-bafq | Бафк | | بافق
ir-kerman,ir-kerman-city | Керман | | کرمان
ir-bam | Бам | | بم
ir-zahedan,ir-zahedan-city | Захедан | | زاهدان
ir-mirjaveh | Мирджаве | | میرجاوه
ir-mirjaveh-bcp | Пост Мирджаве | | میرجاوه
ir-khash | Хаш | | خاش
ir-iranshahr | Ираншехр | | ایرانشهر
ir-chabahar-port | Порт Чабахар (Шахид Бехешти) | Чабахар порты | بندر چابهار | Çabahar porty | Чабахар;چابهار;بندر شهید بهشتی;Chabahar;Çabahar;Шахид Бехешти
ir-chabahar-city | Чабахар | Чабахар | چابهار | Çabahar
ir-khatunabad | Хатунабад | | خاتون‌آباد
ir-sirjan,ir-sirjan-city | Сирджан | | سیرجان
ir-golgohar | Гольгохар | | گل گهر
ir-tezerj | Тезердж | | تزرج
ir-bandar-abbas | Бендер-Аббас | Бендер-Аббас | بندرعباس | Bender-Abbas | بندر عباس;Бандар-Аббас;Bandar-e Abbas;Bandar Abbas station
ir-bandarabbas-city | Бендер-Аббас | Бендер-Аббас | بندرعباس | Bender-Abbas | بندر عباس;Бандар-Аббас;Bandar-e Abbas
ir-shahid-rajaee-port | Порт Шахид-Раджаи (Бендер-Аббас) | Шахид Раджаи порты (Бендер-Аббас) | بندر شهید رجایی | Şahyd Rajaýy porty (Bender-Abbas) | Бендер-Аббас;Шахид Раджаи;Шахид-Раджаи;Бендер-Аббас порт;Бендер-Аббас порты;شهید رجایی;بندرعباس;Shahid Rajaei;Shahid Rajaee;Bandar Abbas port;Bender-Abbas
ir-shahid-bahonar-port | Порт Шахид-Бахонар (Бендер-Аббас) | Шахид Бахонар порты | بندر شهید باهنر | Şahyd Bahonar porty | Шахид Бахонар;شهید باهنر
ir-semnan,ir-semnan-city | Семнан | | سمنان
ir-shahrud,ir-shahrud-city | Шахруд | | شاهرود
ir-neyshabur | Нишапур | | نیشابور | | Nishapur
ir-fariman | Фариман | | فریمان
ir-mashhad,ir-mashhad-city | Мешхед | Мешхед | مشهد | Maşat | Meshed;Mashad
ir-motahhari | Шахид-Мотаххари | | شهید مطهری
ir-sarakhs | Серахс (Иран) | Серахс | سرخس | Sarahs | Серахс;Сарахс;Serakhs
ir-sarakhs-bcp | Пост Серахс (Иран) | | سرخس | Sarahs | Серахс;Сарахс
ir-torbat-heydarieh,ir-torbat-city | Торбете-Хейдерие | | تربت حیدریه
ir-tabas | Табас | | طبس
ir-chadormalu | Джандак (Чадормалу) | | جندق | | چادرملو
ir-khaf | Хаф | | خواف
ir-shamtigh | Шамтиг | | شمتیغ
ir-qazvin,ir-qazvin-city | Казвин | | قزوین
ir-karaj | Кередж | | کرج
ir-zanjan | Зенджан | | زنجان
ir-mianeh | Миане | | میانه
ir-maragheh | Мераге | | مراغه
ir-tabriz,ir-tabriz-city | Тебриз | Тебриз | تبریز | Tebriz
ir-sufian | Суфиан | | صوفیان
ir-jolfa | Джульфа (Иран) | | جلفا | | Джульфа
ir-razi | Рази | | رازی
ir-rasht,ir-rasht-city | Решт | Решт | رشت
ir-caspian-port | Порт Каспиан (Энзели) | Каспиан порты | بندر کاسپین | Kaspian porty | Каспиан;کاسپین;Caspian port
ir-anzali-port | Порт Энзели | Энзели порты | بندر انزلی | Enzeli porty | Энзели;انزلی;Anzali;Enzeli;Бендер-Энзели;Бендер-Анзали
ir-anzali-city | Бендер-Энзели | Энзели | بندر انزلی | Enzeli | Энзели;انزلی;Anzali
ir-astara,ir-astara-city | Астара (Иран) | Астара | آستارا | Astara | Астара
ir-astara-bcp | Пост Астара (Иран) | | مرز آستارا | | Астара
ir-astara-port | Порт Астара (Иран) | Астара порты | بندر آستارا | Astara porty | Астара
ir-nowshahr-port | Порт Новшехр | Новшехр порты | بندر نوشهر | Nowşehr porty | Новшехр;نوشهر;Noshahr;Ноушехр
ir-nowshahr-city | Новшехр | | نوشهر | | Noshahr;Ноушехр
ir-fereydunkenar-port | Порт Ферейдункенар | Ферейдункенар порты | بندر فریدونکنار | Fereýdunkenar porty | Ферейдункенар;فریدونکنار
ir-bushehr-port | Порт Бушир | Бушир порты | بندر بوشهر | Buşir porty | Бушир;Бушехр;بوشهر
ir-bushehr-city | Бушир | | بوشهر | | Бушехр
ir-behshahr-city | Бехшехр | | بهشهر
ir-sabzevar-city | Себзевар | | سبزوار
ir-quchan-city | Кучан | | قوچان
ir-bajgiran-bcp | Пост Баджгиран | | باجگیران | | Баджгиран
ir-lotfabad-bcp | Пост Лотфабад | | لطف‌آباد | | Лотфабад;Лютфабад
ir-dogharun-bcp | Пост Догарун | | دوغارون | | Догарун
ir-birjand-city | Бирдженд | | بیرجند
ir-bazargan-bcp | Пост Базарган | | بازرگان | | Базарган
ir-norduz-bcp | Пост Нурдуз | | نوردوز | | Нурдуз
ir-bilehsavar-bcp | Пост Билесувар (Иран) | | بیله‌سوار
ir-ardabil-city | Ардебиль | | اردبیل
uz-tashkent-city | Ташкент | Ташкент | تاشکند | Taşkent | Toshkent
uz-tashkent | Ташкент-Товарный | Ташкент | تاشکند | Taşkent | Ташкент;Tashkent
uz-samarkand,uz-samarkand-city | Самарканд | Самарқан | سمرقند | Samarkant
uz-bukhara | Бухара I | Бұхара | بخارا | Buhara | Каган;Бухара;Bukhara
uz-bukhara-city | Бухара | Бұхара | بخارا | Buhara
uz-navoi,uz-navoi-city | Навои | | نوایی
uz-karshi,uz-karshi-city | Карши | | قرشی
uz-termez,uz-termez-city | Термез | | ترمذ
uz-nukus,uz-nukus-city | Нукус | Нөкіс | نوکوس
uz-kungrad,uz-kungrad-city | Кунград | Қоңырат
uz-urgench,uz-urgench-city | Ургенч | Үргеніш | اورگنچ | Urgenç
uz-yallama-bcp | Пост Яллама
uz-alat-bcp | Пост Алат
uz-ayritom-bcp | Пост Айритом (мост Хайратон)
uz-dautata-bcp | Пост Даут-Ата
uz-shavat-bcp | Пост Шават
uz-sariosiyo-bcp | Пост Сариасия
kg-bishkek,kg-bishkek-city | Бишкек | Бішкек | بیشکک | Bişkek
kg-akzhol-bcp | Пост Ак-Жол
tj-dushanbe,tj-dushanbe-city | Душанбе | Душанбе | دوشنبه | Duşenbe
tj-khujand | Худжанд | | خجند | | Ленинабад
tj-dusti-bcp | Пост Дусти | | دوستی
af-hairatan | Хайратон | | حیرتان
af-hairatan-bcp | Пост Хайратон | | حیرتان
af-mazar,af-mazar-city | Мазари-Шариф | Мазари-Шариф | مزار شریف
af-aqina | Акина | | آقینه
af-torghundi | Торгунди | | تورغندی
af-torghundi-bcp | Пост Торгунди | | تورغندی
af-rozanak | Розанак | | روزنک
af-herat,af-herat-city | Герат | Герат | هرات | Herat
af-islamqala-bcp | Пост Ислам-Кала | | اسلام قلعه
az-alat-port | Порт Баку (Алят) | Баку порты (Алят) | بندر باکو (الات) | Baku porty (Alat) | Алят;الات;باکو;Порт Баку;Port of Baku
az-alat-city | Алят | | الات
az-baku-port | Порт Баку (старый порт и Дюбенди) | Баку порты | بندر باکو | Baku porty | Баку;باکو;Баку-Пассажирская
az-baku-city | Баку | Баку | باکو | Baku
az-astara | Астара (Азербайджан) | | آستارای آذربایجان | | Астара
az-astara-bcp | Пост Астара (Азербайджан) | | | | Астара
az-bilasuvar-bcp | Пост Билясувар
az-redbridge-bcp | Пост Красный мост (Азербайджан)
az-samur-bcp | Пост Самур (Азербайджан)
az-yalama | Ялама
az-boyuk-kesik | Беюк-Кясик
ge-redbridge-bcp | Пост Красный мост (Грузия)
ge-tbilisi,ge-tbilisi-city | Тбилиси | Тбилиси | تفلیس | Tbilisi
ge-poti-port | Порт Поти | Поти порты | بندر پوتی | Poti porty | Поти
ge-poti-city | Поти
ge-batumi-port | Порт Батуми | Батуми порты | بندر باتومی | Batumi porty | Батуми
am-agarak-bcp | Пост Агарак
am-yerevan-city | Ереван | Ереван | ایروان
tr-gurbulak-bcp | Пост Гюрбулак
tr-erzurum-city | Эрзурум | Ерзурум | ارزروم
tr-ankara-city | Анкара | Анкара | آنکارا | Ankara
tr-mersin-city | Мерсин | Мерсин | مرسین
tr-mersin-port | Порт Мерсин | Мерсин порты | بندر مرسین | Mersin porty | Мерсин
tr-kars | Карс
tr-sivas | Сивас
tr-kayseri | Кайсери
tr-malatya | Малатья
tr-tatvan | Татван
tr-van | Ван | | وان
tr-kapikoy | Капыкёй | | کاپیکوی
ru-astrakhan-port | Порт Астрахань | Астрахан порты | بندر آستراخان | Astrahan porty | Астрахань;آستاراخان;آستراخان
ru-astrakhan-city | Астрахань | Астрахан | آستراخان | Astrahan
ru-olya-port | Порт Оля | Оля порты | بندر اولیا | Olýa porty | Оля
ru-makhachkala-port | Порт Махачкала | Махачкала порты | بندر ماخاچ‌قلعه | Mahaçgala porty | Махачкала;ماخاچ‌قلعه
ru-makhachkala-city | Махачкала | Махачкала | ماخاچ‌قلعه
ru-moscow,ru-moscow-city | Москва | Мәскеу | مسکو | Moskwa | Moskva
ru-chelyabinsk,ru-chelyabinsk-city | Челябинск | Челябі | چلیابینسک
ru-orenburg,ru-orenburg-city | Оренбург | Орынбор
ru-omsk | Омск | Омбы
ru-samara,ru-samara-city | Самара | Самара | سامارا
ru-novorossiysk-port | Порт Новороссийск | Новороссийск порты | بندر نووروسیسک | Noworossiýsk porty | Новороссийск
ru-karauzek-bcp | Пост Караузек
ru-mashtakovo-bcp | Пост Маштаково
ru-bugristoe-bcp | Пост Бугристое
ru-petukhovo-bcp | Пост Петухово
ru-sagarchin-bcp | Пост Сагарчин
ru-yarag-bcp | Пост Яраг-Казмаляр
cn-khorgos | Хоргос (Китай) | Қорғас (Қытай) | خورگس | | Хоргос;Horgos
cn-khorgos-bcp | Пост Хоргос (Китай)
cn-alashankou | Алашанькоу | Алашанькоу | آلاشانکو
cn-urumqi,cn-urumqi-city | Урумчи | Үрімжі | ارومچی
cn-xian | Сиань | Сиань | شیان | | Xian
cn-lanzhou | Ланьчжоу | Ланьчжоу
cn-wuwei | Увэй
cn-kuytun | Куйтун
cn-jinghe | Цзинхэ
cn-baoji | Баоцзи
cn-zhengzhou | Чжэнчжоу
cn-xuzhou | Сюйчжоу
cn-yiwu | Иу | Иу | ییوو
cn-lianyungang | Ляньюньган | Ляньюньган
cn-chongqing | Чунцин
cn-shanghai-port | Порт Шанхай | Шанхай порты | بندر شانگهای | Şanhaý porty | Шанхай;شانگهای;上海
cn-ningbo-port | Порт Нинбо-Чжоушань | Нинбо порты | بندر نینگبو | Ningbo porty | Нинбо;宁波
cn-qingdao-port | Порт Циндао | Циндао порты | بندر چینگ‌دائو | Çindao porty | Циндао;青岛
in-nhava-sheva-port | Порт Нава-Шева (имени Неру) | Нава-Шева порты | بندر نهاوا شوا | Nawa-Şewa porty | Нава-Шева;JNPT
in-mundra-port | Порт Мундра | Мундра порты | بندر موندرا | Mundra porty | Мундра
in-kandla-port | Порт Кандла | Кандла порты | بندر کندلا | Kandla porty | Кандла
in-mumbai-port | Порт Мумбаи | Мумбай порты | بندر بمبئی | Mumbaý porty | Мумбаи;Бомбей;Bombay;بمبئی
pk-karachi-port | Порт Карачи | Карачи порты | بندر کراچی | Karaçi porty | Карачи
pk-karachi-city | Карачи | Карачи | کراچی
pk-quetta-city | Кветта | | کویته
pk-taftan-bcp | Пост Тафтан | | تفتان
iq-shalamcheh-bcp | Пост Шаламча (Ирак) | | شلمچه عراق
iq-basra-city | Басра | Басра | بصره
iq-umm-qasr-port | Порт Умм-Каср | Умм-Каср порты | بندر ام‌القصر | Umm-Kasr porty | Умм-Каср
ae-jebel-ali-port | Порт Джебель-Али | Джебель-Али порты | بندر جبل علی | Jebel-Ali porty | Джебель-Али;جبل علی;Dubai;Дубай
ae-khalifa-port | Порт Халифа | Халифа порты | بندر خلیفه | Halifa porty | Abu Dhabi;Абу-Даби
sa-dammam-port | Порт Даммам | Даммам порты | بندر دمام | Dammam porty | Dammam;Даммам;الدمام
qa-hamad-port | Порт Хамад | Хамад порты | بندر حمد | Hamad porty | Doha;Доха
om-sohar-port | Порт Сохар | Сохар порты | بندر صحار | Sohar porty | Сохар
ke-mombasa-port | Порт Момбаса | Момбаса порты | بندر مومباسا | Mombasa porty | Момбаса
tz-dar-es-salaam-port | Порт Дар-эс-Салам | Дар-эс-Салам порты | بندر دارالسلام | Dar-es-Salam porty | Дар-эс-Салам
dj-djibouti-port | Порт Джибути (Доралех) | Джибути порты | بندر جیبوتی | Jibuti porty | Джибути
lk-colombo-port | Порт Коломбо | Коломбо порты | بندر کلمبو | Kolombo porty | Коломбо
my-port-klang-port | Порт Кланг | Кланг порты | بندر کلانگ | Klang porty | Порт-Кланг;Port Klang
"""


def parse(text):
    names = {}
    for line in text.strip().splitlines():
        cells = [cell.strip() for cell in line.split("|")] + [""] * 6
        entry = dict(ru=cells[1], kk=cells[2], fa=cells[3], tk=cells[4],
                     other=[part.strip() for part in cells[5].split(";") if part.strip()])
        for ident in cells[0].split(","):
            assert ident not in names, ident
            names[ident] = entry
    return names


NAMES = parse(TEXT)

# Codes read by hand in the UN/LOCODE list 2024-2: country and name agree, function and place checked.
UNLOCODE = {
    "kz-kuryk-port": ["KZKUR"], "kz-bautino-port": ["KZBTN"],
    "kz-uzen": ["KZUZE"], "kz-zhanaozen-city": ["KZUZE"],
    "kz-kulsary": ["KZKUL", "KZQSY"], "kz-atyrau": ["KZGUW"], "kz-atyrau-city": ["KZGUW"],
    "kz-kandyagash": ["KZKYH"], "kz-aktobe": ["KZAKX", "KZABE"], "kz-aktobe-city": ["KZAKX", "KZABE"],
    "kz-khromtau": ["KZKHR"], "kz-oral": ["KZURA"], "kz-uralsk-city": ["KZURA"], "kz-semiglavy-mar": ["KZSGV"],
    "kz-zhem": ["KZEMB"], "kz-toretam": ["KZBKZ"], "kz-kyzylorda": ["KZKZO"], "kz-kyzylorda-city": ["KZKZO"],
    "kz-arys": ["KZARY"], "kz-saryagash": ["KZSRY"], "kz-shymkent": ["KZSHY", "KZCIT", "KZZAA"],
    "kz-shymkent-city": ["KZSHY", "KZCIT", "KZZAA"], "kz-taraz": ["KZTAR", "KZDZH"], "kz-taraz-city": ["KZTAR", "KZDZH"],
    "kz-almaty-city": ["KZALA"], "kz-aktogay": ["KZAGY"], "kz-dostyk": ["KZDOS"], "kz-dostyk-city": ["KZDOS"],
    "kz-altynkol": ["KZHOR"], "kz-khorgos-city": ["KZHOR"], "kz-nurzhol-bcp": ["KZHOR"],
    "kz-semey": ["KZPLX"], "kz-semey-city": ["KZPLX"], "kz-oskemen": ["KZZCH", "KZUKK"],
    "kz-pavlodar": ["KZPWQ"], "kz-pavlodar-city": ["KZPWQ"], "kz-ekibastuz": ["KZEKB"], "kz-astana": ["KZAST"],
    "kz-astana-city": ["KZAST"], "kz-kokshetau": ["KZKOV", "KZZAC"], "kz-kokshetau-city": ["KZKOV", "KZZAC"],
    "kz-petropavl": ["KZPPK"], "kz-petropavl-city": ["KZPPK"], "kz-atbasar": ["KZATX"], "kz-esil": ["KZEIL"],
    "kz-arkalyk": ["KZAYK"], "kz-kostanay": ["KZKSN", "KZZAB"], "kz-kostanay-city": ["KZKSN", "KZZAB"],
    "kz-karaganda": ["KZKGF"], "kz-karaganda-city": ["KZKGF"], "kz-zhezkazgan": ["KZDZN"], "kz-zhezkazgan-city": ["KZDZN"],
    "kz-balkhash": ["KZBAH", "KZBXH"], "kz-kordai-bcp": ["KZKOR"],
    "tm-turkmenbashi": ["TMKRA"], "tm-turkmenbashi-city": ["TMKRW", "TMKRA"], "tm-turkmenbashi-port": ["TMKRA"],
    "tm-balkanabat": ["TMBAL"], "tm-balkanabat-city": ["TMBAL"], "tm-ashgabat": ["TMAGT"],
    "tm-ashgabat-city": ["TMASB", "TMAGT"], "tm-tejen": ["TMTEJ"], "tm-tejen-city": ["TMTEJ"],
    "tm-serakhs": ["TMSRK"], "tm-serakhs-bcp": ["TMSRK"], "tm-mary": ["TMMYP"], "tm-mary-city": ["TMMYP"],
    "tm-serhetabat": ["TMKUK"], "tm-serhetabat-bcp": ["TMKUK"], "tm-turkmenabat": ["TMTK5", "TMCJV", "TMCRZ"],
    "tm-turkmenabat-city": ["TMTK5", "TMCJV", "TMCRZ"], "tm-farap": ["TMFAR"], "tm-farap-bcp": ["TMFAR"],
    "tm-dashoguz": ["TMDHZ", "TMTAZ"], "tm-dashoguz-city": ["TMDHZ", "TMTAZ"], "tm-kerki": ["TMKER"],
    "tm-garabogaz-port": ["TMBKH"], "tm-garabogaz-city": ["TMBKH"],
    "ir-shahid-rajaee-port": ["IRSRP", "IRBSR"], "ir-shahid-bahonar-port": ["IRSBR"],
    "ir-imam-khomeini-port": ["IRBKK", "IRBIK"], "ir-mahshahr": ["IRBMR", "IRMRX"],
    "ir-chabahar-city": ["IRCI3"], "ir-chabahar-port": ["IRCI3"], "ir-anzali-city": ["IRBAZ"],
    "ir-astara": ["IRASR"], "ir-astara-city": ["IRASR"], "ir-astara-port": ["IRASR"], "ir-astara-bcp": ["IRASR"],
    "ir-bushehr-city": ["IRBUZ"], "ir-nowshahr-city": ["IRNSH"], "ir-fereydunkenar-port": ["IRFKR"],
    "ir-sarakhs": ["IRCKT"], "ir-sarakhs-bcp": ["IRCKT"], "ir-mashhad-city": ["IRMHD"], "ir-gorgan": ["IRGBT"],
    "ir-gorgan-city": ["IRGBT"], "ir-sari": ["IRSRY", "IRSIX"], "ir-sari-city": ["IRSRY", "IRSIX"], "ir-rasht": ["IRRAS"],
    "ir-rasht-city": ["IRRAS"], "ir-qazvin": ["IRQAZ", "IRGHA"], "ir-qazvin-city": ["IRQAZ", "IRGHA"], "ir-karaj": ["IRQKC"],
    "ir-aprin": ["IRESL"], "ir-qom": ["IRQUM"], "ir-qom-city": ["IRQUM"], "ir-arak": ["IRARA"], "ir-kashan": ["IRKAS"],
    "ir-isfahan": ["IRIFN", "IRESF"], "ir-isfahan-city": ["IRIFN", "IRESF"], "ir-shiraz": ["IRSYZ"],
    "ir-shiraz-city": ["IRSYZ"], "ir-yazd": ["IRAZD"], "ir-yazd-city": ["IRAZD"], "ir-kerman": ["IRKER"],
    "ir-kerman-city": ["IRKER"], "ir-bam": ["IRBXR"], "ir-sirjan": ["IRSRJ"], "ir-sirjan-city": ["IRSRJ"],
    "ir-ahvaz": ["IRAWZ"], "ir-ahvaz-city": ["IRAWZ"], "ir-tabriz": ["IRTBZ"], "ir-tabriz-city": ["IRTBZ"],
    "ir-jolfa": ["IRDJU"], "ir-neyshabur": ["IRNSB"], "ir-semnan": ["IRSEM"], "ir-semnan-city": ["IRSEM"],
    "ir-shahrud": ["IRSHA"], "ir-shahrud-city": ["IRSHA"], "ir-sabzevar-city": ["IRSAB", "IRAFZ"],
    "ir-dogharun-bcp": ["IRDOG"], "ir-bajgiran-bcp": ["IRBAJ"], "ir-bazargan-bcp": ["IRDGN"], "ir-ardabil-city": ["IRADU"],
    "ir-tabas": ["IRTCX"], "ir-torkaman-port": [],
    "kg-bishkek-city": ["KGFRU"], "ru-moscow-city": ["RUMOW"], "az-alat-port": ["AZALA"],
    "uz-navoi": ["UZNVI"], "uz-navoi-city": ["UZNVI"], "uz-urgench": ["UZUGC"], "uz-urgench-city": ["UZUGC"],
    "ru-saratov": ["RURTW"], "cn-shanghai-port": ["CNSHA"], "cn-ningbo-port": ["CNNGB"], "cn-khorgos": ["CNHRS"], "cn-khorgos-bcp": ["CNHRS"], "cn-alashankou": ["CNAKL"],
}

# Codes of the raw tables that mean another place.
UNLOCODE_NOT = {"ir-caspian-port": ["IRBAZ"], "ir-shahid-bahonar-port": ["IRBND"]}
