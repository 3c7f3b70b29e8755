"""Hand-written texts of what news sites publish again and again, with slots (see grammar.py).

Outlets, places and persons are invented. Each text has the tag of its language. A slot in angle
brackets, as in ``<a>``, has one value in the whole text.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column with one headline and a fixed intro and foot. Its issues have new entries.

    ``entries`` are patterns of a column's own items. Other items come from the news of the day.
    """

    tag: str
    headline: str
    intro: str
    foot: str
    entries: tuple[str, ...]


COLUMNS = (
    Column(
        "en",
        "Letters to the editor",
        """Every week we print a choice of the letters that reach us. The views are those of the writers and not of this
        newspaper. We shorten letters where we must, correct the spelling, and leave out what we cannot check. Names are
        known to the editors.""",
        """Would you like to write to us? Send your letter of at most two hundred words, with your name, your street and
        a telephone number, to the letters desk at {outlet}. We cannot answer every letter, and we do not print open
        letters, poems or letters that have appeared elsewhere.""",
        (
            "{name}, {town}: {Quote}. {Claim}, and that is why I write.",
            "In your piece about {thing} you forget that {claim}. {name}, {street}",
            "Who will finally tell {actor} that {claim}? I have asked {n1} times. {name}, {town}",
        ),
    ),
    Column(
        "en",
        "The cook of the week",
        """A simple meal for four, on the table within the hour, with what the market has this week. {name} cooks in a
        small kitchen with one good knife and two pans, and shows that a weekday supper needs neither rare spices nor a
        machine.""",
        """All recipes are for four people unless we say otherwise. A spoon is a level tablespoon and the oven is
        preheated. Did you cook the dish? Send us a picture, and you may win a year of free flour from the mill. Older
        recipes stand in the cook's archive.""",
        (
            "Roast {n2} shallots with {adj} carrots, pour over the stock and let it simmer until {clock}.",
            "Whisk {n1} eggs with grated cheese, fold in the leeks, and bake for {n2} minutes.",
            "Soak {n3} grams of beans overnight, then stew them with tomatoes, sage and a spoon of vinegar.",
            "Fry the trout from {town} on one side only, and serve it with {n1} boiled potatoes each.",
            "Stir {n3} grams of flour into the butter and add the milk bit by bit.",
            "Peel {n1} apples, toss them with cinnamon, and hide them under a crust of oats.",
        ),
    ),
    Column(
        "en",
        "On this day",
        """What did our readers find in the paper in earlier times? {name} leafs through the bound volumes in our cellar
        and copies out, in the words of the day, what moved the town a hundred, fifty and twenty-five years ago.""",
        """The bound volumes can be seen in the reading room on weekday afternoons. Bring an identity card and clean
        hands. Copies cost half a crown a page. If you own issues from the war years, which we lack, please ring the
        archive.""",
        (
            "In {year}: {actor} {did} {thing}; {fact_low}.",
            "In {recent}: {name}, {trade}, tells the paper that {claim}.",
            "In {year}: {fact}.",
        ),
    ),
    Column(
        "en",
        "Your stars today",
        """The moon moves on, and so do we. Here is what the sky has in store for the twelve signs, as {name} reads it
        from her attic window every morning before the milk comes. Take it with a pinch of salt and a cup of tea.""",
        """Would you like a personal chart? {name} draws them by hand, for a fee, within three weeks of your letter.
        State the place and the hour of your birth as exactly as you can. This column is meant to entertain; it replaces
        no advice from a doctor, a lawyer or a bank.""",
        (
            "Aries: someone speaks of {thing}; keep your {object} close.",
            "Taurus: {quote}, says a friend, and is right.",
            "Cancer: at {clock} you meet {trade} with {object_an}. Smile.",
            "Virgo: do not lend money to {trade_an}.",
            "Scorpio: {scene}. It is a sign.",
            "Pisces: {aside}. You will hear of it.",
            "Leo: your number is {n2}; {claim}.",
            "Gemini: leave {building} to others this week.",
        ),
    ),
    Column(
        "en",
        "The market at a glance",
        """Our daily look at prices on the regional exchange, put together after the closing bell by the business desk
        of {outlet}. All prices are closing prices in crowns. Changes compare with the close of the day before.""",
        """This overview is for information only. It is no invitation to buy or sell. Prices come from the exchange with
        a delay and without warranty. {outlet} and its staff may hold shares that are named here. Past gains say nothing
        about future gains, and investors can lose all their money.""",
        (
            "{Actor} {did} {thing}, and shares fell by {percent}.",
            "Wheat closed at {rate} and rye at {rate}.",
            "The index ended {n2} points higher at {n4}.",
            "The crown stood at {rate} against the thaler at {clock}.",
            "Trading in {town} was {adj}: {n4} lots changed hands.",
        ),
    ),
    Column(
        "en",
        "What to do this weekend",
        """No plans yet? Each Thursday our culture desk picks a handful of outings within an hour of town: one for
        families, one for music lovers, one that costs nothing, and one for when it rains. We pay for our own
        tickets.""",
        """Do you organise something that belongs here? Tell us at least ten days ahead, with the date, the price and a
        picture that we may print free of charge. The desk chooses freely; a listing cannot be bought. Times may change,
        so ring before you set out.""",
        (
            "{name} plays at {building} from {clock}; tickets cost {money}.",
            "A walk from {street} to {town}, {n2} kilometres, led by {trade}.",
            "At {building}: {thing}, told by {name}. Doors open at {clock}.",
            "Free: a market of {object}s and {object}s on {street}.",
        ),
    ),
    Column(
        "en",
        "Ask the doctor",
        """Readers ask, our house doctor answers. {name} has run a practice in {town} for half a lifetime and takes one
        question a week. Letters are shortened, and details are changed so that nobody can be recognised.""",
        """The answer is general and cannot replace a visit to your own doctor. In an emergency call the ambulance.
        Questions go to the health desk, marked private. We pass them on unopened, and we keep neither letters nor
        addresses after they have been answered.""",
        (
            "Since {month} my {ordinal} finger tingles when I carry {object_an}. Must I worry?",
            "Answer: rarely. In {percent} of cases it goes by itself within {n2} days.",
            "My husband, {n2}, snores since {fact_low}.",
            "Drink {n1} glasses more, walk {n1} kilometres a day, and come back in {month}.",
            "I take {n1} tablets at {clock}. Is that too late?",
            "It is not, as long as {n1} hours lie between them.",
        ),
    ),
    Column(
        "nl",
        "Het weerpraatje",
        """Elke dag kijkt onze weerman {name} uit het raam en in de kaarten. Wat hij ziet, leest u hier, nog voor u de
        deur uitgaat. Zijn voorspelling geldt voor de hele streek, van de kust tot aan de heuvels.""",
        """Heeft u zelf iets bijzonders gemeten of een mooie wolk gefotografeerd? Stuur het naar de redactie van
        {outlet}. De mooiste foto van de maand krijgt een regenmeter. De verwachting is met zorg gemaakt, maar aan een
        bui kunnen geen rechten worden ontleend.""",
        (
            "In {town} blijft het {n1} graden en staat er een stevige wind.",
            "Vanaf {clock} uur trekt er regen over {street}: {n1} millimeter.",
            "{aside}.",
            "{name} mat in {town} {n2} uur zon.",
            "{quote}, zei {trade_bare} {name}.",
        ),
    ),
    Column(
        "de",
        "Leserbriefe",
        """An dieser Stelle drucken wir jede Woche Zuschriften unserer Leserinnen und Leser ab. Sie geben nicht
        unbedingt die Meinung der Redaktion wieder. Wir behalten uns vor, Briefe zu kürzen, und veröffentlichen nur, was
        mit vollem Namen unterzeichnet ist.""",
        """Schreiben auch Sie uns: mit Namen, Anschrift und einer Rufnummer für Rückfragen, höchstens zwanzig Zeilen.
        Offene Briefe und Gedichte drucken wir nicht. Einen Anspruch auf Abdruck gibt es leider nicht, und
        zurückschicken können wir Ihre Post auch nicht.""",
        (
            "{name}, {town}: {quote}. Denn {claim}.",
            "Zu Ihrem Bericht über {thing}: {claim}. {name}, {town}",
            "{fact}. Hat das keiner gemerkt? {name}, {street}",
        ),
    ),
    Column(
        "fr",
        "Le carnet du jour",
        """Chaque matin, {outlet} rassemble les petites nouvelles du canton : ce qui se dit au marché, ce qui se vend,
        ce qui se répare et ce qui se fête. Merci à toutes celles et à tous ceux qui nous écrivent avant midi.""",
        """Pour paraître dans le carnet, il suffit de déposer un mot à la rédaction ou de le glisser sous la porte. Les
        annonces des particuliers sont gratuites, celles des commerces sont payantes. La rédaction choisit, abrège et ne
        renvoie pas les photos.""",
        ("{name}, {trade} à {town} : « {quote} ».", "{fact}.", "{aside}.", "{Actor} {did} {thing}."),
    ),
    Column(
        "es",
        "La receta del domingo",
        """Cada domingo, {name} abre su cocina y prepara un plato de toda la vida para cuatro personas, con productos
        del mercado y sin prisa. Aquí va la receta de hoy, tal como la cuenta a sus nietos, con sus trucos y sus
        manías.""",
        """¿Ha probado la receta? Mándenos una foto y cuéntenos cómo salió. Entre todas las cartas sorteamos cada mes un
        delantal bordado. Las medidas son para cuatro personas. Las recetas anteriores están en el archivo de la
        cocina.""",
        (
            "Se cuecen {n3} gramos de garbanzos durante {n2} minutos.",
            "Se pican {n1} cebollas y se doran despacio.",
            "«{quote}», decía mi abuela de {town}.",
            "Se añaden {n2} gramos de harina y {n1} huevos.",
            "{aside}.",
        ),
    ),
)

NOTICES: tuple[tuple[str, str], ...] = (
    (
        "en",
        """We value your privacy. {outlet} and its {n3} partners store and read information on your device, such as
        cookies, to measure reach, to show advertising that suits you and to improve our service. You can agree to all
        purposes, refuse, or set each purpose by itself. You can change your choice at any time at the foot of every
        page. If you refuse, some parts of the page may not be shown.""",
    ),
    (
        "en",
        """This article is for subscribers of {outlet}. Read on for {n1} crowns in the first month, and cancel whenever
        you like. Already a subscriber? Sign in with your e-mail address. Subscribers read all articles, the digital
        edition from nine in the evening, and the archive back to {year}. Questions about your subscription? Our service
        desk in {town} is open on weekdays.""",
    ),
    (
        "en",
        """You have read your {n1} free articles for this month. Create a free account to keep reading {outlet}. It
        takes less than a minute, and we will never pass your address on. With an account you can save articles, follow
        reporters and receive the evening letter.""",
    ),
    (
        "en",
        """Please turn off your ad blocker. Advertising pays the salaries of the people who report for {outlet}. We have
        noticed that your browser blocks it. Allow our address in the settings of your blocker and reload the page, or
        take a subscription without advertising for {n2} crowns a year.""",
    ),
    (
        "en",
        """Access denied. Our systems have detected unusual traffic from your network. Please confirm that you are a
        human by ticking the box below. If you believe that this is a mistake, write to the webmaster of {outlet} and
        name the reference at the end of this page. Automated reading of this site needs our written consent.""",
    ),
    (
        "en",
        """This content is not available in your region. For legal reasons {outlet} cannot show this page to visitors
        from your country at this time. We are working on a solution and are sorry for the trouble. Our broadcasts can
        still be heard on short wave.""",
    ),
    (
        "en",
        """The page that you are looking for has moved or no longer exists. Perhaps the link was mistyped, or the
        article was taken down after its licence ran out. Try the search at the top, go back to the front page of
        {outlet}, or look at the articles that others are reading now.""",
    ),
    ("en", "Sign in to read this story. {outlet} keeps part of its journalism for registered readers in {town}."),
    (
        "nl",
        """Wij gebruiken cookies en vragen uw toestemming. {outlet} en {n3} partners bewaren gegevens op uw apparaat om
        het bereik te meten, advertenties te tonen en de site te verbeteren. U kunt alles toestaan, alles weigeren of
        per doel kiezen. Uw keuze kunt u later onder aan elke pagina wijzigen.""",
    ),
    (
        "nl",
        """Dit artikel is alleen voor abonnees. Lees verder voor {n1} kronen per maand en zeg op wanneer u wilt. Bent u
        al abonnee? Log dan in met uw e-mailadres. Abonnees lezen alle artikelen, de digitale krant en het archief.""",
    ),
    (
        "de",
        """Mit Werbung weiterlesen oder werbefrei im Abo: Sie haben die Wahl. Wir und unsere {n3} Partner verarbeiten
        personenbezogene Daten, etwa Kennungen und die Adresse Ihres Anschlusses, um Inhalte und Anzeigen zuzuschneiden
        und deren Wirkung zu messen. Ihre Einwilligung ist freiwillig, und Sie können sie jederzeit für die Zukunft
        widerrufen.""",
    ),
    (
        "fr",
        """Cet article est réservé à nos abonnés. Pour lire la suite, abonnez-vous pour {n1} couronnes le premier mois,
        sans engagement. Déjà abonné ? Connectez-vous avec votre adresse. Votre abonnement soutient une rédaction
        indépendante de {n2} journalistes.""",
    ),
    (
        "es",
        """Para seguir leyendo, acepte las cookies o suscríbase. Junto con nuestros {n3} socios guardamos datos en su
        dispositivo para medir la audiencia, mostrar publicidad y mejorar el servicio. Puede cambiar su decisión cuando
        quiera al pie de cada página.""",
    ),
)


@dataclass(frozen=True, slots=True)
class Wire:
    """A short form of the wire. ``headline`` fits each event, ``others`` tell of one event."""

    tag: str
    headline: str
    others: tuple[str, ...]
    text: str


WIRES = (
    Wire(
        "en",
        "Fatal crash on country road",
        ("Night of grief in {place}", "Families wait for names after the crash near {place}"),
        """{Num} people died when a {vehicle} {crashed} near {place} on {weekday} {daypart}, the police said. {Num}
        others were taken to hospital, some with serious injuries. The cause of the accident is being investigated. The
        road was closed for several hours.""",
    ),
    Wire(
        "en",
        "New chief executive appointed",
        ("{surname} takes the helm", "{firm} names {name} as its head"),
        """{firm} has appointed {name} as chief executive with effect from the first of {month}, the company said in a
        statement. {name} joins from {firm} and succeeds {name}, who steps down for personal reasons. The board thanked
        the departing chief for the work of the past {num} years.""",
    ),
    Wire(
        "en",
        "Weather warning issued",
        ("Stay indoors, {region} is told", "{region} braces for {hazard}"),
        """The weather service has issued a {colour} warning of {hazard} for {region} from {weekday} {daypart} until
        {weekday} {daypart}. Residents are asked to secure loose objects and to avoid unnecessary travel. Local
        disruption is possible on roads and railways.""",
    ),
    Wire(
        "en",
        "Stocks close",
        ("Investors take {firm} to heart", "Traders turn their backs on {sector}"),
        """Stocks in {place} closed {move} on {weekday}, led by {sector} shares. {firm} was the biggest gainer, while
        {firm} fell after {reason}. Trading was {adj}. Investors now look to the decision of the central bank on
        {weekday}.""",
    ),
    Wire(
        "en",
        "House fire",
        ("Neighbours pull {num} from burning house", "{street} wakes to smoke"),
        """A fire broke out in a house on {street} in {place} in the {daypart} of {weekday}. {Num} residents were able
        to leave the building in time, and {num} were treated for smoke. The fire brigade had the flames under control
        within {num} hours. The cause is not yet known, and the house cannot be lived in.""",
    ),
    Wire(
        "en",
        "Missing person found",
        ("{name} is safe", "Search of {place} ends well"),
        """{name}, who had been missing from {place} since {weekday}, has been found {foundhow}, the police said. The
        search with {num} dogs and a helicopter has been called off. The police thank everyone who helped and for the
        tips that came in.""",
    ),
    Wire(
        "en",
        "Signing confirmed",
        ("{surname} joins from {town}", "A new {position} for {place}"),
        """{place} have signed {position} {name} from {town} on a contract of {num} years, the club announced on
        {weekday}. The fee was not disclosed. {name}, who passed a medical in the {daypart}, will wear number {num}. The
        coach said that the newcomer would bring experience to the team.""",
    ),
    Wire(
        "en",
        "Earthquake shakes region",
        ("Chimneys fall in {place}", "{region} trembles"),
        """An earthquake shook {region} in the {daypart} of {weekday}, with its centre near {place}. There were no early
        reports of casualties, but {num} buildings were damaged. People ran into the streets in {town} and {town}. The
        institute expects aftershocks over the next {num} days.""",
    ),
    Wire(
        "en",
        "Man arrested",
        ("{town} man held over {crime}", "Detectives see end to {crime} in {place}"),
        """The police in {place} have arrested a man on suspicion of {crime}. He was detained on {weekday} {daypart} at
        a house in {town} and is being questioned. A second suspect is still being sought. Anyone who saw something is
        asked to contact the detectives.""",
    ),
    Wire(
        "en",
        "Obituary",
        ("{name} has died", "{trade} who never left {place}"),
        """{name}, the {fame}, has died in {place} after a short illness, the family said on {weekday}. {name} was a
        partner for life, and {num} children survive. A service will be held in {town} on {weekday}. Flowers are not
        wished for.""",
    ),
    Wire(
        "en",
        "Strike announced",
        ("No {transport} on {weekday}", "{transport} staff lose patience"),
        """Staff of the {transport} in {region} will walk out for {num} hours on {weekday}, the union said, after talks
        about pay failed in the {daypart}. Passengers should expect cancellations. The company called the strike out of
        proportion and invited the union back to the table.""",
    ),
    Wire(
        "en",
        "Product recalled",
        ("{firm} calls back its {product}", "Danger in the cupboard: the {product}"),
        """{firm} is recalling a {product} because {defect}. Customers are asked not to use it and to return it to the
        shop, where the price will be refunded. A receipt is not needed. Other products of the company are not affected,
        {firm} said on {weekday}.""",
    ),
    Wire(
        "nl",
        "Dodelijk ongeval",
        ("Verslagenheid in {place}", "Bergingsdienst de hele nacht bezig bij {place}"),
        """Bij een ongeval met een {voertuig} bij {place} zijn {weekday} {num} mensen omgekomen, meldt de politie. {Num}
        anderen raakten gewond en liggen in het ziekenhuis. De toedracht wordt onderzocht. De weg was enkele uren
        afgesloten.""",
    ),
    Wire(
        "de",
        "Unwetterwarnung",
        ("{place} sichert Zelte und Gerüste", "Sorge um die Ernte bei {town}"),
        """Der Wetterdienst warnt von {weekday} bis {weekday} vor {gefahr} in der Region um {place}. Lose Gegenstände
        sollten gesichert und Wälder gemieden werden. Im Verkehr kann es zu Behinderungen kommen. Auch {town} ist
        betroffen.""",
    ),
    Wire(
        "de",
        "Neuer Vorstand",
        ("{name} übernimmt", "Wechsel an der Spitze in {place}"),
        """{name} wird neuer Vorstandschef der {firma} mit Sitz in {place}. Das teilte das Unternehmen am {weekday} mit.
        Der bisherige Chef {name} verlässt das Haus nach {num} Jahren auf eigenen Wunsch. Der Aufsichtsrat dankte ihm
        für seine Arbeit.""",
    ),
    Wire(
        "fr",
        "Accident mortel",
        ("{place} sous le choc", "Deuil dans la commune de {place}"),
        """{Num} personnes ont perdu la vie {weekday} dans un accident de {vehicule} près de {place}, indique la
        gendarmerie. {Num} autres ont été hospitalisées. Une enquête a été ouverte. La route est restée coupée plusieurs
        heures.""",
    ),
    Wire(
        "es",
        "Cierre de la bolsa",
        ("Los inversores castigan a {empresa}", "La banca tira del mercado de {place}"),
        """La bolsa de {place} cerró el {weekday} {rumbo}, con las acciones de {ramo} a la cabeza. {empresa} fue el
        valor más negociado. Los inversores esperan ahora la decisión del banco central, que se conocerá el
        {weekday}.""",
    ),
)

WIRE_WORDS = {
    "vehicle": "coach | bus | tractor | delivery van | tanker | minibus | milk lorry | taxi | camper van | fire engine",
    "crashed": """left the road | hit a tree | collided with a tram | overturned on ice | fell into a canal | rolled
        down a slope | struck a bridge | ran into the back of a lorry""",
    "daypart": "morning | afternoon | evening | early hours | night",
    "firm": """Hollin & Crake | Veldt Marine | Orbis Tiles | Pellmoor Brewery | Quartz Rail | Sundry Mills | Ferrant
        Glass | Brindle Foods | Aldous Paper | Tamsin Air | Croft Energy | Lanyard Shipping""",
    "hazard": "heavy rain | high winds | black ice | dense fog | snowfall | thunderstorms | a storm surge | heat",
    "colour": "yellow | amber | red",
    "move": "higher | lower | little changed | sharply higher | slightly lower | mixed",
    "sector": "banking | shipping | energy | retail | mining | insurance | paper",
    "reason": """a profit warning | the loss of a large order | the sudden departure of its chairman | weak sales in
        spring | a fire at its main plant""",
    "foundhow": """safe and well | unharmed in a barn | in good health at a relative's | exhausted but alive in the
        woods | injured at the foot of a quarry""",
    "position": "goalkeeper | winger | defender | striker | midfielder",
    "crime": "burglary | arson | fraud | the theft of church silver | a robbery at a petrol station | smuggling",
    "fame": "painter | former mayor | goalkeeper | broadcaster | botanist | composer | mountaineer | publisher",
    "transport": "trams | buses | ferries | railway | airport",
    "product": "hairdryer | child's car seat | garden swing | kettle | power drill | night light | pressure cooker",
    "defect": """it can overheat | a screw may come loose | it contains too much lead | the handle can break off | small
        parts may be swallowed | the plug is not earthed""",
    "voertuig": "vrachtwagen | touringcar | trekker | bestelbus | tankwagen | tram",
    "gefahr": "Sturmböen | Starkregen | Glatteis | Hagel | dichtem Nebel | starkem Schneefall",
    "firma": "Kranwerke AG | Moorbank AG | Lindtuch AG | Nordspeicher AG | Elmenstahl AG",
    "vehicule": "car | tracteur | camion | minibus | tramway | fourgon",
    "empresa": "Papelera Clara | Naviera Sur | Banco Vega | Molinos Altos | Aceros Peña",
    "rumbo": "al alza | a la baja | casi sin cambios | con fuertes subidas | con ligeras pérdidas",
    "ramo": "la banca | la energía | el transporte | el comercio | la minería",
}


@dataclass(frozen=True, slots=True)
class Event:
    """News that is told again with new figures.

    ``<n>`` and ``<m>`` are the figures that change. ``fresh`` are paragraphs of a later version.
    """

    tag: str
    headline: str
    lead: str
    figures: str
    fresh: tuple[str, ...]


EVENTS = (
    Event(
        "en",
        "<N> dead after ferry runs aground off {place}",
        "At least <n> people have died and <m> are missing after a ferry ran aground off {place}, the coastguard says.",
        "The coastguard spoke of <n> dead and <m> missing among the people on board.",
        (
            "By nightfall divers had reached the car deck, where water stands to the ceiling. {quote}, said {name}.",
            "The captain, {name}, has meanwhile been questioned for {n1} hours. He blames a failed rudder.",
        ),
    ),
    Event(
        "en",
        "Flood in {place}: <n> homes under water",
        "The flood in {place} has left <n> homes under water and driven <m> people to emergency shelters.",
        "According to the fire brigade, <n> homes are flooded; <m> people slept on camp beds.",
        (
            "The peak is now expected before dawn, later than forecast. Soldiers are filling sandbags at {building}.",
            "In the meantime a second dike has begun to seep. The mayor of {town} has asked for helicopters.",
        ),
    ),
    Event(
        "en",
        "Measles: <n> cases in {place}",
        "The number of measles cases in {place} has reached <n>, and <m> children are being treated in hospital.",
        "The health office counted <n> cases by noon; <m> patients are in hospital.",
        (
            "A vaccination bus is to stop outside {building} from {weekday}. No appointment is needed.",
            "One school has closed its lower classes. Parents found the notice on the gate at {clock}.",
        ),
    ),
    Event(
        "en",
        "Mine collapse near {place}: <n> still trapped",
        "Rescuers near {place} are trying to reach <n> miners trapped after a collapse; <m> were brought out alive.",
        "The company says that <n> miners are trapped and <m> have been brought up.",
        (
            "A drill broke through into the lower gallery in the afternoon, and knocking was heard.",
            "Families were taken to the canteen, where {name}, the pit's chaplain, reads out each new list.",
        ),
    ),
    Event(
        "en",
        "Council election: <n> of <m> wards counted in {place}",
        "With <n> of <m> wards counted, the election in {place} is heading for a close finish.",
        "By the latest count <n> of the <m> wards had reported.",
        (
            "The opposition has taken the harbour ward, which it had never held. {name} conceded by telephone.",
            "A recount has been asked for in {street}, where {n1} votes separate the two lists.",
        ),
    ),
    Event(
        "en",
        "Forest fire spreads to <n> hectares",
        "A forest fire in {region} has spread to <n> hectares, and <m> firefighters are at work.",
        "The fire now covers <n> hectares; <m> firefighters are in action.",
        (
            "The wind has turned and pushes the front towards {town}. Two campsites have been cleared.",
            "Aircraft from {town} joined at first light and drop water every {n1} minutes.",
        ),
    ),
    Event(
        "en",
        "Layoffs at the mill: <n> jobs to go",
        "The paper mill in {place} will cut <n> of its <m> jobs, the management told staff.",
        "The plan puts <n> of <m> jobs at risk.",
        (
            "The union has called a meeting in {building} and does not rule out a strike.",
            "After talks that lasted into the night, the owners offered a transfer company for half a year.",
        ),
    ),
    Event(
        "en",
        "Avalanche above {place} kills <n>",
        "An avalanche above {place} has killed <n> skiers; <m> more were dug out with injuries.",
        "Mountain rescuers put the toll at <n> dead and <m> injured.",
        (
            "The search was broken off at dusk because more slopes may give way. It resumes at {clock}.",
            "All the dead have now been named; they belonged to a club from {town}.",
        ),
    ),
    Event(
        "nl",
        "Explosie in {place}: <n> doden",
        "Bij een explosie in een flat in {place} zijn <n> mensen omgekomen; <m> bewoners raakten gewond.",
        "De brandweer telt <n> doden en <m> gewonden.",
        ("Reddingshonden zochten 's middags verder in het trappenhuis. {quote}, zei {name}.",),
    ),
    Event(
        "de",
        "Zugunglück bei {place}: <n> Tote",
        "Bei einem Zugunglück nahe {place} sind <n> Menschen ums Leben gekommen, <m> wurden verletzt.",
        "Die Polizei spricht von <n> Toten und <m> Verletzten.",
        ("Am Abend hob ein Kran den ersten Wagen an. Die Strecke bleibt bis auf Weiteres gesperrt.",),
    ),
    Event(
        "fr",
        "Inondations à {place} : <n> morts",
        "Les inondations à {place} ont fait <n> morts et <m> disparus, selon la préfecture.",
        "Le bilan est de <n> morts et <m> disparus.",
        ("La décrue a commencé dans la soirée, mais l'eau potable manque encore dans le bas du bourg.",),
    ),
    Event(
        "es",
        "Incendio en {place}: <n> hectáreas quemadas",
        "El incendio de {place} ha quemado <n> hectáreas y obligó a desalojar a <m> vecinos.",
        "Las llamas han arrasado <n> hectáreas; <m> vecinos siguen fuera de casa.",
        ("De madrugada cambió el viento y el fuego se acercó a las primeras casas de {town}.",),
    ),
)

STUB_ENDS = {
    "en": (
        "More follows.",
        "This story is developing and will be updated.",
        "We will bring you more on this shortly.",
        "Refresh this page for the latest.",
        "",
        "More to come.",
    ),
    "nl": ("Meer volgt.", "Dit bericht wordt aangevuld.", ""),
    "de": ("Mehr in Kürze.", "Dieser Artikel wird laufend ergänzt.", ""),
    "fr": ("Plus d'informations à suivre.", "Cet article sera mis à jour.", ""),
    "es": ("Habrá ampliación.", "Noticia en desarrollo.", ""),
}
CUT_ENDS = ("", "", "…", " [...]", "... Read more", "… Continue reading at {outlet}.", " (more)")
