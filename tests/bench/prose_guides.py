"""Hand-written service texts in variants, changes and their reversals, and long feet.

All texts are invented. A slot in angle brackets, as in ``<v>``, has one value in the whole text.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guide:
    """A service text without numbers, published once for each of ``variants`` (the slot ``<v>``).

    A part that is a tuple holds alternatives; each variant has one of them.
    """

    tag: str
    headline: str
    variants: tuple[str, ...]
    parts: tuple[str | tuple[str, ...], ...]


_TOWNS = ("Saltmere", "Oakcombe", "Ravenholt", "Thornby", "Foxminster", "Amberwick", "Coldhurst", "Pikeford")

GUIDES = (
    Guide(
        "en",
        "How to renew your passport in <v>",
        _TOWNS,
        (
            """Your passport is about to expire and you live in <v>? Then start early. The counter at the town hall of
            <v> works by appointment only, and the diary fills up before the summer.""",
            """Bring the old document, a new picture in colour and a card to pay with. The picture must show your whole
            face against a light wall. Glasses are allowed if the eyes can be seen. Children have to come along, and
            both parents must sign.""",
            (
                "The booth by the entrance takes pictures that are always accepted.",
                "There is no photo booth in the building; the shop across the square takes pictures.",
                "The library next door has a booth that takes coins only.",
            ),
            """The document is made elsewhere and sent to <v> by courier. You get a message as soon as it is there.
            Nobody else can collect it for you, unless you have signed a mandate at the counter.""",
            (
                "If you are in a hurry, the office on the quay issues emergency papers.",
                "Emergency papers are not issued here; go to the airport.",
                "For emergency papers, ring the duty clerk.",
            ),
            """Have you lost your passport? Report it to the police in <v> first and bring the report with you. A found
            passport that was reported lost can never be used again.""",
        ),
    ),
    Guide(
        "en",
        "Resetting the <v>: step by step",
        ("Lumo Hub", "Lumo Hub Mini", "Lumo Hub Pro", "Castor Box", "Castor Box Plus", "Pico Link", "Pico Link Duo"),
        (
            """Does the <v> no longer answer, or do you want to pass it on? A reset puts it back to the state in which
            it left the factory. All settings are lost, so note the name of your network beforehand.""",
            "Unplug all cables except the power cable. Wait until the light on the front of the <v> burns steadily.",
            (
                "Push a paper clip into the hole at the back and hold it until the light goes out.",
                "Hold the button on top until the light turns red.",
                "Turn the device over, slide the switch to the left, and wait for a tone.",
            ),
            """Then let go and do nothing for a while. The <v> starts by itself, and the light blinks while it fetches
            its software. Do not pull the plug during that time, or the device may never start again.""",
            """Open the app, choose a new device and follow the instructions. Type the password from the sticker on the
            bottom. Choose a password of your own straight away.""",
            ("The older remote control has to be paired again.", "Smart plugs find the <v> on their own.", ""),
            "If the reset fails, the help desk can read the log of the <v> from afar. Have the serial number at hand.",
        ),
    ),
    Guide(
        "en",
        "Moving to <v>: what to arrange",
        _TOWNS,
        (
            """Are you moving to <v>? Welcome. With this list you forget nothing, from the first box to the last bill.
            Tell the town hall of <v> about your new address as soon as you have the keys.""",
            """Register with a doctor before you need one, because many practices are full. Ask your neighbours which
            one still takes patients. Your file moves with you if you sign a form.""",
            (
                "Bins are brought to you on the first working day after you register.",
                "You fetch your bins yourself at the depot near the station.",
                "The quarter has containers below ground, and you receive a card for them.",
            ),
            """Pass your meter readings on to the supplier on the day of the move, and take pictures of the meters. Have
            your post sent on. Schools in <v> admit pupils all year round, but places in the lower classes are
            scarce.""",
            ("Parking is free for residents.", "You need a permit to park; apply for it at the counter.", ""),
            "Finally, ring the bells on the left and the right, and tell the people of <v> who you are.",
        ),
    ),
    Guide(
        "en",
        "Which bin goes out when in <v>",
        _TOWNS,
        (
            """The collection calendar of <v> has been renewed. Put the bins at the kerb before sunrise, with the handle
            to the street and the lid closed. What lies beside the bin stays where it is.""",
            """Kitchen scraps and grass go into the green bin, clean paper into the blue one. Nappies, ash and dust
            belong to the rest. Glass goes into the containers by the shops. Batteries can be handed in wherever they
            are sold.""",
            (
                "Garden waste is fetched on request in autumn.",
                "Branches can be brought to the yard behind the nursery.",
                "A chipper comes round after the storms.",
            ),
            """Was your bin forgotten? Leave it out for another day and report it to the works department of <v>. In
            frost the contents may stick; a sheet of newspaper on the bottom helps.""",
        ),
    ),
    Guide(
        "en",
        "Caring for your <v>",
        ("rosemary", "lemon tree", "olive tree", "oleander", "fig tree", "laurel", "myrtle"),
        (
            """A <v> on the balcony brings the south to your door. It wants light, air and a pot with a hole. Do not
            give it a saucer, for wet feet are the end of every <v>.""",
            """Water it when the top layer of soil is dry, preferably in the morning and with rain water. From spring to
            late summer it likes some fertiliser, in winter none at all. Turn the pot now and then so that the crown
            grows evenly.""",
            (
                "Prune it after flowering and never into old wood.",
                "Prune it in early spring, just above an outward bud.",
                "Leave the shears in the shed: it keeps its shape by itself.",
            ),
            """Before the first night frost the <v> moves to a bright, cool room. Look under the leaves for scale and
            wipe it off with a cloth and soapy water. When the ice saints have passed, it may go outside again, into the
            shade at first.""",
        ),
    ),
    Guide(
        "en",
        "Is your <v> insured?",
        ("bicycle", "caravan", "moped", "rowing boat", "horse trailer", "cargo bike", "motor scooter"),
        (
            """Many people think that their home insurance also covers their <v>. Often it does not. Read the small
            print, in particular the paragraph about theft from public places.""",
            """An extra policy for the <v> pays for theft, fire and damage by others. Keep the receipt, and take
            pictures of the frame number. Insurers want to see a lock that they have approved, and they ask for both
            keys after a theft.""",
            (
                "Damage by hail is usually excluded.",
                "Help by the roadside costs extra but is worth it.",
                "Those who rarely use it can choose a policy by the day.",
            ),
            """Compare policies with the same excess, and beware of those that renew themselves. Will you sell the <v>?
            Then end the policy in writing and ask for the rest of the premium back.""",
        ),
    ),
    Guide(
        "en",
        "Learning <v> as an adult",
        ("Danish", "Portuguese", "Turkish", "Finnish", "Greek", "Polish", "Welsh"),
        (
            """It is never too late to learn <v>. Adults know how they learn, and they know why. Set yourself a goal
            that you can reach: order a meal, read a children's book, or follow the news in <v>.""",
            """A course gives you a rhythm and people to talk to. An app fills the minutes at the bus stop. The best of
            all is a partner who speaks <v> and wants to learn your language in return.""",
            (
                "The sounds are the hardest part; record yourself.",
                "The grammar is kinder than its reputation.",
                "The spelling follows the sound, which helps.",
            ),
            """Do not be afraid of mistakes. Label the things in your kitchen, sing along with songs, and write a
            shopping list in <v>. Whoever stops for a month has to start anew, so do a little every day.""",
        ),
    ),
    Guide(
        "en",
        "Visiting hours and rules at the hospital in <v>",
        _TOWNS,
        (
            """Visitors are good for patients, and the hospital in <v> is glad to see you. Please report at the desk,
            where you are told the ward and the room. Bring no more than one other person, and leave bunches of flowers
            with the porter.""",
            """Wash your hands before you enter and when you leave. Stay at home if you cough or have a fever. Turn off
            the sound of your telephone. Children are welcome if they can sit still for a moment.""",
            (
                "Visitors may eat in the canteen on the ground floor.",
                "The canteen is closed; a van sells rolls by the gate.",
                "There is a machine with coffee on each floor.",
            ),
            """Intensive care has rules of its own, which the nurses explain. The chaplain of the hospital in <v> can be
            called day and night. The barrier of the car park opens with the ticket that you have stamped at the
            desk.""",
        ),
    ),
    Guide(
        "nl",
        "Parkeren in <v>: zo werkt het",
        ("Westerveen", "Noorddam", "Oldenhorst", "Steenzijl", "Kolmkerk", "Zandmeer"),
        (
            """Wie met de auto naar <v> gaat, kan die het best aan de rand van het centrum kwijt. Binnen de singels is
            het duur en druk. Bewoners van <v> hebben een vergunning en gaan altijd voor.""",
            """Meld uw kenteken bij de paal of met de app. Vergeet niet u weer af te melden. Wie terug is voor de tijd
            om is, betaalt alleen wat hij gebruikt heeft. Invalide bezoekers staan gratis op de blauwe plekken.""",
            (
                "Achter het station is een garage die dag en nacht open is.",
                "Bij de markthal mag u alleen laden en lossen.",
                "Het grasveld bij de ijsbaan is op koopavonden opengesteld.",
            ),
            """Oneens met een bon? Maak bezwaar bij de gemeente <v>, met een foto van het bord. Tot het besluit valt,
            hoeft u niet te betalen.""",
        ),
    ),
    Guide(
        "de",
        "So melden Sie Ihr Kind in <v> zur Schule an",
        ("Oberbach", "Grünfeld", "Steinkirchen", "Altenroda", "Hohenbrunn", "Lindenau"),
        (
            """Im Herbst beginnt in <v> die Anmeldung für die ersten Klassen. Die Eltern bekommen einen Brief vom
            Schulamt. Wer keinen erhält, fragt im Rathaus von <v> nach.""",
            """Bringen Sie die Geburtsurkunde, das Impfbuch und Ihr Kind mit. Die Schulleitung spricht mit beiden und
            zeigt die Räume. Ein Arzt prüft das Hören und das Sehen. Niemand muss schon lesen können.""",
            (
                "Einen Hort gibt es im Nachbarhaus.",
                "Der Hort ist voll; eine Liste liegt im Sekretariat.",
                "Das Mittagessen kommt aus der Küche des Klosters.",
            ),
            """Ein Wechsel an eine andere Schule in <v> ist möglich, wenn dort Platz ist. Der Antrag muss begründet
            werden. Der Bus ist für alle frei, die jenseits der Bahn wohnen.""",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Change:
    """Rules in force, and a change of them that is later taken back.

    ``<a>`` and ``<b>``, ``<c>`` and ``<d>`` are the old and new values of two rules.
    """

    tag: str
    headline: str
    now: str
    change: str


CHANGES = (
    Change(
        "en",
        "Timetable of the harbour ferry",
        """The harbour ferry leaves every <a> minutes on weekdays and every <c> minutes on Sundays. The last boat waits
        for the train from {town}. Bicycles travel free outside the rush hour. Groups are asked to book, and in fog the
        boat may leave later. The quay has a heated waiting room.""",
        """The timetable of the harbour ferry changes. On weekdays the boat leaves every <b> minutes instead of every
        <a>, and on Sundays every <d> minutes instead of every <c>. The last boat still waits for the train from {town},
        and bicycles travel free outside the rush hour. The waiting room stays open.""",
    ),
    Change(
        "en",
        "Notes on release",
        """This is how the program behaves today: a request is given up after <a> seconds, and at most <c> requests run
        side by side. Both values can be set in the file of settings. The defaults suit most servers. Logs are written
        once a minute, and old ones are packed.""",
        """Changed: a request is now given up after <b> seconds and no longer after <a>. Changed: at most <d> requests
        run side by side, before it was <c>. Both values can still be set in the file of settings. Fixed: logs are
        packed once they are old. Thanks to everyone who reported faults.""",
    ),
    Change(
        "en",
        "Speed limits in {place}",
        """Within the ring of {place} the limit is <a> kilometres an hour, and on the ring itself <c>. The limits hold
        day and night. The police measure at the schools and the bridge. Those who drive faster pay, and those who drive
        much faster must hand in their licence.""",
        """The council of {place} has changed the limits. Within the ring <b> replaces <a> kilometres an hour, and on
        the ring itself <d> replaces <c>. New signs are put up overnight. The police measure at the schools and the
        bridge, and give warnings only in the first week.""",
    ),
    Change(
        "en",
        "Rates of the savings bank",
        """The savings bank of {town} pays {n1} tenths on savings and lends at <a> per cent. For firms the rate is <c>
        per cent. Loans can be paid back early. The rates apply to new contracts, and those who have a fixed rate keep
        it until the end of the term.""",
        """The savings bank of {town} has moved its rates: from <a> to <b> per cent for households and from <c> to <d>
        per cent for firms. Loans can be paid back early. The rates apply to new contracts. Those who have a fixed rate
        keep it until the end of the term.""",
    ),
    Change(
        "en",
        "Opening hours of the pool",
        """The pool on {street} opens at <a> and closes at <c> o'clock. Swimmers with a season card may enter earlier
        through the side door. The sauna has hours of its own. In the holidays the slide is open all day, and lessons
        take place in the small basin.""",
        """New hours for the pool on {street}: it opens at <b> rather than <a>, and closes at <d> rather than <c>
        o'clock. Swimmers with a season card may enter earlier through the side door. The sauna keeps its hours. Lessons
        take place in the small basin.""",
    ),
    Change(
        "en",
        "Transfer window: the bench",
        """A team may name <a> substitutes and bring on <c> of them. The rule holds for the league and the cup. Changes
        are made in at most three breaks, and the half-time break does not count. A player who has left the pitch may
        not return, and the goalkeeper is no exception.""",
        """The league has decided that a team may name <b> substitutes, not <a>, and bring on <d> of them, not <c>. The
        rule holds for the league and the cup. Changes are made in at most three breaks. A player who has left the pitch
        may not return, and the goalkeeper is no exception.""",
    ),
    Change(
        "en",
        "Doses of the remedy",
        """Adults take <a> drops in the morning and <c> in the evening. Shake the bottle. Do not take the drops with
        milk, and do not drive while you feel dizzy. The bottle keeps for a year in a dark place. Ask your chemist if
        you take other medicines.""",
        """The maker has changed the dose. Adults take <b> drops instead of <a> in the morning, and <d> instead of <c>
        in the evening. Shake the bottle. Do not take the drops with milk. Those who have an older leaflet can exchange
        it at the chemist's.""",
    ),
    Change(
        "en",
        "Price list of the bakers' guild",
        """The guild recommends <a> groats for a loaf and <c> groats for a ring of rolls. Members may ask less. The list
        hangs in every shop, and customers may complain to the guild if it does not. Cakes are left out, because each
        baker makes them in his own way.""",
        """The guild has reviewed its list: a loaf goes from <a> to <b> groats, a ring of rolls from <c> to <d>. Members
        may ask less. The list hangs in every shop. Cakes are left out, because each baker makes them in his own way,
        and so are the rolls of the day before.""",
    ),
    Change(
        "de",
        "Neue Gebühren",
        """Für die Mülltonne zahlt ein Haushalt <a> Kronen, für die Biotonne <c> Kronen. Die Gebühr wird im Frühjahr
        eingezogen. Wer kompostiert, kann sich befreien lassen. Die Tonnen gehören der Stadt und dürfen nicht verkauft
        werden.""",
        """Die Gebühren ändern sich. Für die Mülltonne zahlt ein Haushalt <b> statt <a> Kronen, für die Biotonne <d>
        statt <c> Kronen. Die Gebühr wird im Frühjahr eingezogen. Wer kompostiert, kann sich weiter befreien lassen.""",
    ),
    Change(
        "nl",
        "Andere tijden voor de bibliotheek",
        """De bibliotheek gaat om <a> uur open en om <c> uur dicht. Boeken kunnen altijd in de bus. Voorlezen is op
        woensdag. Wie lid is, mag de studiezaal ook later gebruiken en neemt dan de zij-ingang aan de gracht.""",
        """De tijden van de bibliotheek veranderen: open om <b> uur in plaats van <a> uur, en dicht om <d> uur in plaats
        van <c> uur. Boeken kunnen altijd in de bus. Voorlezen blijft op woensdag. Leden nemen de zij-ingang aan de
        gracht.""",
    ),
)

FEET: tuple[tuple[str, str], ...] = (
    (
        "en",
        """You receive this letter because you signed up for it on our site or at one of our evenings. If you would
        rather not get it any more, follow the link at the very end and you will be taken off the list within a day. Did
        a friend pass this letter on to you? Then sign up yourself; it is free of charge and comes on weekdays before
        breakfast.

        {outlet} is made by {n2} people in {town}. We report without fear or favour, we correct our mistakes in the
        open, and we say who pays us. Two thirds of our income comes from readers. If you value that, become a member:
        from a few crowns a month you help a reporter to sit through the council meeting that nobody else attends.
        Members are invited to our editorial meetings, get the yearbook by post and may bring a guest to our summer fair
        in the yard of the old printing works.

        This letter was written on the night train and read by two colleagues. Tips, praise and complaints reach us by
        answering this message. We read everything, even if we cannot answer it all.""",
    ),
    (
        "en",
        """Forward-looking statements: this message contains statements about the future that rest on the present views
        and assumptions of the management. Words such as expects, intends, plans, believes and may point to such
        statements. They are subject to risks and uncertainties, many of which lie outside the control of the company,
        among them changes in demand, in exchange rates, in the price of raw materials and in the law. Actual results
        may differ widely. The company does not undertake to update such statements, unless the law obliges it.

        This message is no offer to sell securities and no invitation to buy them, in any country. Securities may not be
        offered in a country that requires registration without such registration or an exemption from it. The
        distribution of this message may be restricted by law, and persons who come into possession of it must inform
        themselves about such restrictions. The message was translated; in case of doubt the original counts. The
        publisher of the message alone is responsible for its content.""",
    ),
    (
        "en",
        """About the regional desk. The regional desk of {outlet} is a cooperation of {n1} local papers that share what
        they find. It was founded in {recent} with a grant from the foundation for the free word, which has no say in
        what we publish. Our articles may be taken over free of charge by papers that belong to the cooperation, as long
        as the name of the author stands above the article and nothing is changed but the headline.

        How we work: we ask everyone about whom we write for an answer and give them a fair time for it. We do not pay
        for interviews. We keep our sources secret if they ask us to, and we check with a second source what the first
        has told us. We mark opinion as opinion. We do not use pictures made by machines. If we have made a mistake, we
        say so at the place where we made it, and in the list of corrections that you find at the end of each month. The
        readers' advocate, {name}, can be reached on weekdays.""",
    ),
    (
        "en",
        """More from {outlet}: Listen to our daily talk, in which {name} and {name} take the news apart before the
        coffee gets cold. Watch our films about people who do something unusual on a usual day. Play our riddle, which
        gets harder towards the end of the week. Read our series about the rivers of the region, on foot from the spring
        to the mouth. Follow us wherever you like, switch on our messages if you want to hear of great events at once,
        or switch them off if you want your peace.

        Download our app and read with large letters, in the dark or without a network. Give a subscription to someone
        you like. Visit our shop with maps, mugs and the calendar. Advertise with us and reach every second household.
        Work with us: we are looking for editors, drivers and somebody who can repair the clock. Terms of use, privacy,
        imprint and the names of all editors can be found by way of the menu. All rights reserved.""",
    ),
    (
        "en",
        """Guidelines for comments. We are glad that you want to join the talk below our articles. Please stay friendly,
        even when others are not. Address the matter and not the person. Insults, threats, advertising, copied texts and
        claims without a source are taken down by the moderators, who work from morning until late in the evening. They
        do not have to give a reason. Whoever breaks the rules more than once can be shut out for a while or for good.

        The comments close after two days, on some subjects sooner. Your name is shown as you entered it. We keep your
        comment until you delete it, and we pass your data on only if a court orders us to. With your comment you allow
        us to print it in the paper, shortened if need be. The opinions are those of the people who wrote them. Hints to
        mistakes in the article are best sent to the editors and not posted as a comment.""",
    ),
    (
        "en",
        """Disclaimer: the information on this page has been put together with care, but {outlet} takes no liability for
        its being complete, correct or up to date. It replaces no advice by a lawyer, a doctor or a tax adviser. Whoever
        acts on it does so at their own risk. Links lead to pages of others, over which we have no influence; when we
        set the link, nothing unlawful could be seen there.

        Some links are marked with a star. If you buy something by way of them, the shop pays us a commission, and the
        price stays the same for you. This has no influence on what we write. Prices and stock may change at short
        notice. Product names and marks belong to their owners and are used only to name the goods. The pictures come
        from the makers unless we say otherwise. Reproduction, also in part, only with permission from the publisher in
        {town}. The courts of {town} have jurisdiction.""",
    ),
    (
        "en",
        """The agency {outlet} serves newspapers, broadcasters and public offices with text, pictures and sound, around
        the clock and in three languages. This service may be used only by customers who hold a valid contract. It must
        not be stored in archives that are open to the public, passed on to third parties, or used to train systems that
        make texts, without a written agreement. Embargoes bind all customers.

        Notes to editors: the story can be shortened from the end. Names and ages have been checked twice. Pictures and
        a map are on offer in the usual folder, and a longer piece follows for the weekend. Corrections are sent under
        the same key word. The desk can be reached day and night; please ask for the chief on duty. For questions about
        the bill, turn to the customer service during office hours. This message ends here.""",
    ),
    (
        "en",
        """{outlet} is a paper of the people who read it. It has belonged to a cooperative of {n4} readers since
        {recent}. Each member has one vote, no matter how many shares they hold. The members elect a council, the
        council appoints the editors, and nobody tells the editors what to write. The yearly meeting takes place in
        {town} and can be followed by everyone.

        You can become a member with a single share. You get no interest on it, but a paper that stays in the region and
        pays decent wages. You may give a share away, leave it in your will, or hand it back with half a year's notice.
        Young people up to the end of their training pay half. On our tours through the press hall you see how the paper
        is made, from the first telephone call to the last bundle. Afterwards there is soup. We are looking forward to
        meeting you.""",
    ),
    (
        "de",
        """Diesen Rundbrief schicken wir Ihnen an jedem Werktag vor dem Frühstück, weil Sie ihn auf unserer Seite
        bestellt haben. Wenn Sie ihn nicht mehr lesen möchten, genügt ein Klick ganz am Ende, und wir löschen Ihre
        Anschrift noch am selben Tag. Hat Ihnen jemand den Brief weitergeleitet? Dann bestellen Sie ihn doch selbst; er
        kostet nichts.

        Unsere Redaktion in {town} arbeitet unabhängig. Sie gehört einer Genossenschaft mit {n4} Mitgliedern und
        finanziert sich zum größten Teil durch ihre Leserinnen und Leser. Mit einem kleinen Beitrag im Monat helfen Sie
        uns, dort zu sein, wo sonst niemand hingeht: im Ausschuss, im Gericht, auf dem Acker. Fehler berichtigen wir
        offen und an derselben Stelle. Anregungen nimmt {name} entgegen. Nachdruck, auch in Auszügen, nur mit
        schriftlicher Erlaubnis des Verlags.""",
    ),
    (
        "fr",
        """Vous recevez cette lettre parce que vous vous y êtes inscrit sur notre site. Si vous ne souhaitez plus la
        lire, suivez le lien tout en bas, et votre adresse sera effacée dans la journée. Un ami vous l'a transmise ?
        Inscrivez-vous à votre tour, c'est gratuit.

        Notre rédaction de {town} est indépendante. Elle appartient à ses {n4} lecteurs et vit pour l'essentiel de leurs
        abonnements. Pour quelques couronnes par mois, vous nous aidez à suivre les séances que personne ne suit, à lire
        les dossiers que personne ne lit et à rappeler ceux qui ne répondent pas. Nous corrigeons nos erreurs au grand
        jour. Vos remarques sont lues par {name}. Toute reproduction, même partielle, est soumise à l'accord écrit de
        l'éditeur.""",
    ),
)
