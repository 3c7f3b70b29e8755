"""Places in datelines: capitals and great cities of the world, in the spellings of many languages.

Most are the exemplar cities of CLDR's time zones (UTS 35 part 4, "Time Zone Names"), through Babel.
The names of the zones are the English spellings. ``GREAT_CITIES`` adds capitals and cities that
have no zone. Countries are not included: datelines name cities, and too many countries are words or
names as well ("TURKEY", "JORDAN", "CHAD").
"""

import re
import unicodedata
from functools import lru_cache

GREAT_CITIES = {
    # capitals
    "Washington": "Вашингтон واشنطن ワシントン 华盛顿 華盛頓 워싱턴 Waszyngton Vašingtonas Vašingtona Ουάσινγκτον",
    "Beijing": "Peking Pekin Pékin Pekín Pequim Pechino Пекин بكين 北京 베이징 Peking Peking Pekina Pekinas Πεκίνο",
    "New Delhi": "New_Delhi Delhi Neu-Delhi Nieuw-Delhi Nueva_Delhi Nova_Deli Nuova_Delhi Nowe_Delhi Нью-Дели "
                 "नई_दिल्ली ニューデリー 新德里",
    "Ottawa": "Оттава オタワ 渥太华", "Brasília": "Brasilia Бразилиа", "Canberra": "Канберра キャンベラ 堪培拉",
    "Ankara": "Анкара أنقرة アンカラ 安卡拉 앙카라 Άγκυρα Ancara", "Bern": "Berne Berna Берн",
    "The Hague": "Den_Haag 's-Gravenhage La_Haye La_Haya L'Aia Haag Haga Гаага Haia", "Wellington": "Веллингтон",
    "Pretoria": "Претория", "Abuja": "", "Rabat": "الرباط Рабат", "Hanoi": "Hà_Nội Ханой ハノイ 河内",
    "Islamabad": "اسلام_آباد Исламабад", "Quito": "", "Abu Dhabi": "أبو_ظبي Абу-Даби Aboe_Dhabi Abou_Dhabi",
    "Tel Aviv": "تل_أبيب תל_אביב Тель-Авив Tel-Aviv", "Ramallah": "رام_الله", "Naypyidaw": "Naypyitaw",
    "Kyiv": "Kiev", "Doha": "الدوحة Доха ドーハ 多哈", "Gaza City": "Gaza-Stadt Gaza-stad",
    "Vatican City": "Vatikanstadt Vaticaanstad Città_del_Vaticano Ciudad_del_Vaticano Cité_du_Vatican "
                    "Cidade_do_Vaticano",
    "Yaoundé": "Yaounde", "Strasbourg": "Straßburg Straatsburg Strasburg Estrasburgo Strasburgo Страсбург Štrasburk",
    "Geneva": "Genève Genf Ginebra Ginevra Genebra Genewa Женева Ženeva Genf Cenevre جنيف ジュネーブ 日内瓦",
    # Germany, Austria, Switzerland
    "Munich": "München Múnich Monaco_di_Baviera Munique Monachium Мюнхен Mnichov ミュンヘン",
    "Frankfurt": "Frankfurt_am_Main Frankfurt/Main Francfort Fráncfort Francoforte Франкфурт",
    "Cologne": "Köln Keulen Colonia Colônia Kolonia Кёльн", "Hamburg": "Hambourg Hamburgo Amburgo Гамбург",
    "Stuttgart": "Штутгарт", "Düsseldorf": "Dusseldorf", "Leipzig": "Лейпциг", "Dresden": "Дрезден", "Bonn": "",
    "Bremen": "", "Dortmund": "", "Nürnberg": "Nuremberg Neurenberg", "Karlsruhe": "", "Kiel": "", "Mainz": "",
    "Wiesbaden": "", "Potsdam": "", "Magdeburg": "", "Erfurt": "", "Schwerin": "", "Saarbrücken": "", "Mannheim": "",
    "Freiburg": "", "Rostock": "", "Graz": "", "Linz": "", "Salzburg": "Зальцбург", "Innsbruck": "", "Klagenfurt": "",
    "Basel": "Bâle", "Lausanne": "", "Davos": "", "Luzern": "Lucerne",
    # the Low Countries
    "Rotterdam": "Роттердам", "Utrecht": "", "Eindhoven": "", "Groningen": "", "Tilburg": "", "Breda": "",
    "Nijmegen": "", "Arnhem": "", "Haarlem": "", "Maastricht": "", "Leeuwarden": "", "Zwolle": "", "Enschede": "",
    "Almere": "", "Hilversum": "", "Den Bosch": "", "Antwerp": "Antwerpen Anvers Amberes Anversa",
    "Ghent": "Gent Gand", "Bruges": "Brugge", "Liège": "Luik", "Namur": "",
    # France, Spain, Portugal, Italy
    "Lyon": "Lione Лион", "Marseille": "Marseilles Marsella Marsiglia Марсель", "Toulouse": "", "Bordeaux": "",
    "Nantes": "", "Lille": "", "Rennes": "", "Montpellier": "", "Grenoble": "", "Ajaccio": "", "Cannes": "Канны",
    "Barcelona": "Barcelone Barcellona Барселона", "Valencia": "València", "Seville": "Sevilla Séville", "Bilbao": "",
    "Zaragoza": "", "Málaga": "", "Porto": "Oporto", "Coimbra": "", "Milan": "Milano Mailand Milaan Milán Милан",
    "Turin": "Torino Turijn Turín Турин", "Naples": "Napoli Neapel Nápoles Неаполь",
    "Florence": "Firenze Florenz Florencia Флоренция", "Venice": "Venezia Venedig Venise Venetië Venecia",
    "Genoa": "Genova Genua Gênes", "Bologna": "", "Palermo": "", "Bari": "", "Trieste": "", "Catania": "",
    # Britain and Ireland, the North
    "Manchester": "Манчестер", "Liverpool": "", "Birmingham": "", "Edinburgh": "Édimbourg Edimburgo Эдинбург",
    "Glasgow": "", "Cardiff": "", "Belfast": "Белфаст", "Gothenburg": "Göteborg", "Malmö": "", "Uppsala": "",
    "Bergen": "", "Trondheim": "", "Stavanger": "", "Tromsø": "", "Aarhus": "Århus", "Odense": "", "Aalborg": "",
    "Tampere": "", "Turku": "", "Oulu": "",
    # the East of Europe
    "Kraków": "Krakow Krakau Cracovie Cracovia", "Gdańsk": "Gdansk", "Wrocław": "", "Poznań": "", "Łódź": "",
    "Katowice": "", "Brno": "", "Ostrava": "", "Plzeň": "", "Košice": "", "Debrecen": "", "Szeged": "",
    "Cluj-Napoca": "Cluj", "Timișoara": "", "Constanța": "", "Plovdiv": "Пловдив", "Varna": "Варна",
    "Thessaloniki": "Θεσσαλονίκη", "Priština": "Pristina Prishtina", "Mostar": "", "Novi Sad": "Нови_Сад",
    "Maribor": "", "Rijeka": "", "Daugavpils": "", "Tartu": "", "Kaunas": "",
    "St. Petersburg": "Saint_Petersburg Sankt_Petersburg Sint-Petersburg Saint-Pétersbourg San_Petersburgo "
                      "Санкт-Петербург С.-Петербург",
    "Kazan": "Казань", "Rostov-on-Don": "Ростов-на-Дону", "Sochi": "Сочи", "Nizhny Novgorod": "Нижний_Новгород",
    "Grozny": "Грозный", "Kharkiv": "Kharkov Charkow Charkiv Харьков Харків", "Odesa": "Odessa Одесса Одеса",
    "Lviv": "Lwiw Lwów Львов Львів", "Dnipro": "Днепр", "Donetsk": "Донецк Донецьк",
    "Mariupol": "Мариуполь Маріуполь", "Kherson": "Херсон", "Gomel": "Гомель", "Batumi": "ბათუმი",
    # America: cities that stand alone in datelines by the Associated Press Stylebook, and others
    "Atlanta": "", "Baltimore": "", "Boston": "Бостон ボストン", "Cincinnati": "", "Cleveland": "", "Dallas": "",
    "Houston": "Хьюстон", "Las Vegas": "", "Miami": "Майами", "Milwaukee": "", "Minneapolis": "", "New Orleans": "",
    "Oklahoma City": "", "Philadelphia": "", "Pittsburgh": "", "St. Louis": "", "Salt Lake City": "",
    "San Antonio": "", "San Diego": "", "San Francisco": "", "Seattle": "", "United Nations": "",
    "Montreal": "Montréal", "Quebec City": "Québec", "Calgary": "", "Guadalajara": "", "Ciudad Juárez": "",
    "Acapulco": "", "Rio de Janeiro": "Рио-де-Жанейро", "Belo Horizonte": "", "Porto Alegre": "", "Curitiba": "",
    "Medellín": "", "Cali": "", "Maracaibo": "", "Valparaíso": "", "Rosario": "", "Cuzco": "Cusco",
    # Asia, Africa, the Pacific
    "Mumbai": "Bombay मुंबई Мумбаи", "Chennai": "Madras", "Bengaluru": "Bangalore", "Hyderabad": "", "Ahmedabad": "",
    "Lucknow": "", "Srinagar": "", "Lahore": "", "Peshawar": "", "Chittagong": "", "Kandahar": "", "Herat": "",
    "Osaka": "大阪", "Nagoya": "名古屋", "Kyoto": "京都", "Fukuoka": "福岡", "Hiroshima": "広島",
    "Busan": "부산 釜山", "Guangzhou": "广州", "Shenzhen": "深圳", "Chengdu": "成都", "Wuhan": "武汉", "Surabaya": "",
    "Bandung": "", "Medan": "", "Yogyakarta": "", "Semarang": "", "Chiang Mai": "", "Penang": "", "Cebu": "",
    "Davao": "", "Izmir": "İzmir Измир", "Adana": "", "Antalya": "", "Bursa": "", "Diyarbakır": "", "Gaziantep": "",
    "Konya": "", "Trabzon": "", "Aleppo": "حلب", "Mosul": "الموصل", "Basra": "البصرة", "Erbil": "أربيل",
    "Jeddah": "جدة", "Mecca": "مكة", "Sanaa": "صنعاء", "Haifa": "حيفا חיפה", "Mashhad": "مشهد", "Isfahan": "اصفهان",
    "Tabriz": "تبریز", "Alexandria": "الإسكندرية", "Marrakesh": "Marrakech مراكش", "Benghazi": "بنغازي",
    "Cape Town": "Kaapstad Kapstadt Le_Cap Ciudad_del_Cabo", "Durban": "", "Mombasa": "", "Kano": "", "Bukavu": "",
    "Brisbane": "", "Melbourne": "Мельбурн", "Christchurch": "",
}  # fmt: skip
"""English name -> other spellings, with "_" for a space."""

STATES = (
    "Ala. Ariz. Ark. Calif. Colo. Conn. Del. Fla. Ga. Ill. Ind. Kan. Ky. La. Md. Mass. Mich. Minn. Miss. Mo. Mont. "
    "Neb. Nev. N.H. N.J. N.M. N.Y. N.C. N.D. Okla. Ore. Pa. R.I. S.C. S.D. Tenn. Vt. Va. Wash. W.Va. Wis. Wyo. Alaska "
    "Hawaii Idaho Iowa Maine Ohio Texas Utah Ont. Que. B.C. Alta. Man. Sask. N.S. N.B. Nfld. P.E.I."
)
"""US states as the AP Stylebook prints them, short or written out, and Canadian provinces."""

LANGUAGES = (
    "en de nl fr es pt it ca gl eu da nb sv fi is et lv lt pl cs sk hu ro bg hr sr sl mk sq el tr az ru uk be hy ka kk "
    "uz id ms vi fil sw af ar fa he ur hi bn ta th ja zh zh_Hant ko"
)
"""Languages whose spellings of the exemplar cities are read."""

NO_CITIES = (
    "Reunion Christmas Easter Midway Wake Wallis Norfolk Nome Oral Thule Regina Jersey Guernsey Isle_of_Man Stanley "
    "Madeira Canary Bermuda South_Georgia Mayotte Maldives Mauritius Palau Guam Chagos Cocos Comoro Kerguelen Mahe Yap "
    "Truk Ponape Enderbury Tarawa Gambier Marquesas Johnston Galapagos Pitcairn Eucla Center Menominee Anguilla "
    "Antigua Aruba Barbados Cayman Curacao Dominica Grenada Guadeloupe Jamaica Martinique Montserrat Puerto_Rico "
    "St_Kitts St_Lucia St_Thomas St_Vincent St_Barthelemy Tortola Virgin Faeroe Azores Cape_Verde St_Helena Lord_Howe "
    "Rainy_River Swift_Current Creston Resolute Inuvik Adak Sitka Noronha Araguaina Bahia"
)
"""Zones of islands and hamlets, and zones whose city is also a word or a person's name."""

NO_SPELLINGS = "soul aman vena cita septe wina pert resif aten rim naso sofie adena darwin boise"
"""Spellings of one language that are words or names in another: Seoul is "Soul" in Czech."""

_NO_CITIES = frozenset(NO_CITIES.split())
_NO_SPELLINGS = frozenset(NO_SPELLINGS.split())
_MAX_PLACE_CHARACTERS = 40
_ZONE_OF_CITY = re.compile(r"(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/(?:Argentina/)?([^/]+)")


def is_known_place(name: str) -> bool:
    """Tell whether ``name``, in any letter case, is a capital or great city and nothing more.

    >>> is_known_place("PARIJS"), is_known_place("München")
    (True, True)
    >>> is_known_place("SPORT"), is_known_place("PARIS HILTON")
    (False, False)
    """
    return 1 < len(name) < _MAX_PLACE_CHARACTERS and _key(name) in _places()


def is_known_region(name: str) -> bool:
    """Tell whether ``name`` is a country, state or province, as behind a city in datelines.

    US states count as the AP Stylebook prints them.

    >>> is_known_region("Minn."), is_known_region("Mexico"), is_known_region("Anna")
    (True, True, False)
    """
    return 1 < len(name) < _MAX_PLACE_CHARACTERS and _key(name) in _regions()


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    from newslake.transforms.normalise.dates.words import locale_data

    places = {
        _key(spelling.replace("_", " "))
        for name, others in GREAT_CITIES.items()
        for spelling in (name, *others.split())
    }
    for language in LANGUAGES.split():
        for zone, names in locale_data(language).get("time_zones", {}).items():
            found = _ZONE_OF_CITY.fullmatch(zone)
            if found is None or found[1] in _NO_CITIES:
                continue
            places.add(_key(found[1].replace("_", " ")))
            if "city" in names:
                places.add(_key(names["city"]))
    return frozenset(places - _NO_SPELLINGS)


def _key(name: str) -> str:
    """Return ``name`` in the form in which places are compared: without case and accents.

    Capitals often lack accents ("ΑΘΗΝΑ", "MALAGA") or have a dot too many ("İZMİR"). Apostrophes
    have one form, and runs of white space become one space.
    """
    parted = unicodedata.normalize("NFKD", name.casefold().replace("ı", "i"))
    return " ".join(
        "".join(letter for letter in parted if unicodedata.category(letter) != "Mn").replace("’", "'").split()
    )


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    from newslake.transforms.normalise.dates.words import locale_data

    names = {
        name
        for language in LANGUAGES.split()
        for code, name in locale_data(language).get("territories", {}).items()
        if len(code) == 2 and isinstance(name, str)
    }
    return frozenset(map(_key, names | set(STATES.split())))
