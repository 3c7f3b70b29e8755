"""Patterns for made-up English news: a base for all topics, and eight topics.

Places, persons and outlets are invented. Each value is a list of alternatives, separated by bars,
with slots in braces (see grammar.py).
"""

BASE = {
    "frame": """{actor} {did} {thing} {when}, {source}. | {when}, {actor} {did} {thing} {why}. | {actor} {did} {thing}
        {why}, {source}. | “{quote},” said {speaker}, {role}. | {speaker} said {when} that {claim}. | {fact}. |
        {fact}. | {fact}, {source}. | According to {speaker}, {claim}. | {source_head}, {claim}. | “{quote},”
        {surname} added. | {surname} told reporters in {town} that {claim}. | {aside}. | {aside}. | {actor} had
        earlier {done} {thing}, but {claim}. | Asked about {thing}, {surname} replied: “{quote}.” | In {town}, {n2}
        kilometres to the {direction}, {actor} {did} {thing} as well. | {claim_head}, and {fact_tail}. | {background}.
        | {background}. | Nobody at {building} could say {when} why {actor} {did} {thing}. | {scene}. | {scene}. |
        {scene}. | {scene}, {source}. | {Scene}, and {scene}. | {when}, {scene}. | {name}, {trade} from {town}, put it
        {adverb}: “{quote}.” | Not everyone agrees; {name}, {trade} in {town}, thinks that {claim}.""",
    "lead": """{lead_actor} {lead_did} {lead_thing} {when}, {source}. | {when}, {lead_actor} in {place} {lead_did}
        {lead_thing} {why}. | {place} is to see {lead_thing} after {lead_actor} {lead_did} a {adj} proposal {when}. |
        After {n2} days of {noise}, {lead_actor} {lead_did} {lead_thing}. | {speaker} has confirmed that {lead_claim}.
        | It took {n2} weeks, but {lead_actor} finally {lead_did} {lead_thing} {when}. | {Lead_thing}: that is what
        {lead_actor} in {place} {lead_did} {when}. | A {adj} {when_bare} in {place} ended with the news that
        {lead_claim}.""",
    "headline": """{lead_actor} {lead_did} {lead_thing} | {place}: {lead_claim} | “{lead_quote}” | {Lead_thing}
        divides {place} | Why {lead_actor} {lead_did} {lead_thing}""",
    "source": """officials said | according to a letter seen by this newspaper | a spokeswoman confirmed | the minutes
        show | two people who were present said | people close to the talks reported | as first told on local radio |
        court papers show | a notice on the door read | local broadcasters reported | the agency wrote | {surname}'s
        office said | documents published {when} reveal | witnesses recalled""",
    "source_head": """In a statement of {n1} pages | On {adj} paper and without a signature | In an interview with the
        {town} Courier | At a {adj} press conference | In answer to written questions | Over the telephone from {town}
        | In front of {n3} listeners in {building} | Speaking through an interpreter | In a note to colleagues |
        During a walk along {street}""",
    "when": """on {weekday} | on {weekday} evening | early on {weekday} | late {weekday} | shortly before {clock} | at
        about {clock} on {weekday} | after a break of {n1} hours | within {n2} days | {n1} weeks ago | at the end of
        {month} | in the first half of {month} | the morning after | before breakfast | towards midnight | during the
        lunch hour""",
    "when_bare": "meeting | hearing | evening | weekend | session | debate | vigil | count | inspection | dinner",
    "why": """because {claim} | after {actor} {did} {thing} | to spare {place} another {adj} winter | in spite of {n3}
        objections | under pressure from {actor} | in the hope that {claim} | so that {building} can reopen in {month}
        | without waiting for {actor} | for want of {money} | as a favour to {actor} | in exchange for {thing} | on
        the advice of {trade_an}""",
    "noise": """silence | haggling | rumours | rain | protests | phone calls | paperwork | open letters | sleepless
        nights | bargaining""",
    "claim_head": """As things stand, {claim} | Months before anyone noticed, {actor} {did} {thing} | On paper,
        {claim} | Elsewhere {actor} {did} {thing} | Once the dust had settled, {claim} | To the surprise of {actor},
        {claim}""",
    "fact_tail": """that suits {actor} | the bill has since passed {money} | {n3} signatures have been handed in | no
        one expects {thing} before {month} | the keys now lie with {actor} | {town} is next on the list | a second
        round follows on {weekday} | {percent} of those asked agree | lawyers are already counting the hours | it will
        not be the last time""",
    "aside": """{name} has lived on {street} since {recent} and remembers when {building} still stood | A brass band
        played while {n3} people queued along {street} | The {adj} rain kept most onlookers under the arches of
        {building} | {n2} candles burned in the windows of {building} that night | Coffee was served in paper cups,
        {name} recalled, and the heating had failed | Children from the school on {street} had painted {n2} {adj}
        banners | {name}, who is {n2}, walked {n1} kilometres to be there | On {street} the shutters of every
        {ordinal} shop were down by {clock} | The clock above {building} has shown {clock} since {month} {year} | A
        ferry to {town} left {n2} minutes late, its deck crowded with umbrellas | Somebody had chalked the figure {n4}
        on the steps of {building} | The bakery opposite {building} sold out of rye bread before {clock} | Gulls
        circled over the {adj} square, and a dog barked through the speeches | At the kiosk on {street} people spoke
        of little else""",
    "background": """{place} has {n4} inhabitants and lies {n2} kilometres {direction} of {town} | In {year} a similar
        plan failed when {actor} {did} {thing} | {building}, built in {year}, was last repaired in {month} {year} for
        {money} | Since {year} {actor} has {done} {thing} {n1} times | The province of {region} counts {n4} such cases
        a year | {surname}, {n2}, became {role} in {month} {recent} | Before {recent}, {surname} worked as {trade_an}
        in {town} | The dispute goes back to {year}, when {fact_low} | {region} spends {money} a year on {thing} | A
        study by the college of {town} put the damage at {money} | Until {year}, {actor} and {actor} shared {building}
        | Of {n4} households in {place}, {percent} rent their homes""",
    "scene": """{trade} {saw} {state} {object} {where} | {state_an} {object} {stood} {where} | {name} {saw}
        {object_an} {where} and {reacted} | {trade} with {object_an} {reacted} {where} | inside {building},
        {object_an} {stood} between {object_an} and {object_an} | {name} and {name}, both {reacting}, {saw} {state}
        {object} {where}""",
    "saw": """noticed | mended | dragged | sketched | overlooked | weighed | auctioned | blamed | borrowed | dusted
        off | pawned | described | filmed | buried | wrapped | polished | numbered | ignored | traded | locked up |
        climbed over | guarded | carried | sniffed at | tripped over""",
    "stood": """stood | lay | hung | rattled | leaned | gleamed | smouldered | waited | gathered dust | creaked |
        blocked the way | drew a crowd | vanished | turned up | went cold | fell over""",
    "state": """a dented | one forgotten | a leaking | another borrowed | a varnished | a half-empty | the missing | a
        foreign | some broken | the second-hand | a patched | a sealed | a frozen | the mayor's | a numbered | an
        abandoned | a crooked | a spare | a whistling | a striped | a squeaking | a hand-made | a mislaid | a
        prize-winning | a smoking | an inflatable | a folded | the very last | a mouldy | a portable""",
    "state_an": "a {adj}, {adj} | one {adj} | a {adj} | a rather {adj} | the only {adj} | the {ordinal} {adj}",
    "object_an": "a {adj} {object} | {state} {object} | {state} {object}",
    "object": """barrel | ladder | cello | tarpaulin | lantern | samovar | pram | kettle | anchor | typewriter |
        wheelbarrow | mannequin | ledger | sofa | trumpet | turbine | crate of pears | suitcase | harmonium | snow
        plough | cash box | oar | parcel | blackboard | bathtub | generator | stretcher | umbrella stand | microphone
        | tent | piano stool | gas bottle | flagpole | mattress | beehive | chessboard | trolley | sewing machine |
        grandfather clock | telescope | drum | plank | ballot box | goalpost | fire bucket | banner | bicycle pump |
        hat stand | birdcage | milk churn | thermometer | deckchair | loudspeaker | toolbox | photograph | rowing boat
        | stuffed pike | garden gnome""",
    "where": """behind {building} | near the pump on {street} | under the arches of {town} | at the corner of {street}
        | on the {town} road | in a yard off {street} | beside the canal | on the roof of {building} | outside number
        {n2}, {street} | by the gate of {building} | in the fog | at the tram stop | below the weir | among the {town}
        stalls | on the landing | in lorry bay {n1} | across from {building}""",
    "reacted": """kept walking | called the police in {town} | asked for a receipt | took {n1} photographs | began to
        laugh | wrote to {street} about it | had to sit down | rang {n1} doorbells | lit a pipe | went home by tram |
        took notes until {clock} | offered {money} for it""",
    "reacting": """soaked to the skin | on their way to {town} | out of breath | new to {street} | past seventy | in
        uniform | still in slippers | keen anglers | out of work | first to arrive | late for {building} | under
        oath""",
    "adj": """narrow | heated | quiet | costly | hasty | bitter | modest | sober | stubborn | chaotic | festive |
        gloomy | frosty | muddled | restless | sudden | tense | tiresome | vague | weary | lively | draughty | faded |
        crowded | cautious | brisk | grey | windy | golden | hollow | lengthy | makeshift | nervous | puzzling | rusty
        | sleepless | solemn | tangled | threadbare | velvet | wooden | yellowed""",
    "adverb": """drily | with a shrug | more bluntly | without raising her voice | in one sentence | over a bowl of
        soup | with some regret | between two trains | rather more kindly | while locking his bicycle""",
    "trade": """a baker | a retired pilot | a roofer | a midwife | a tram driver | a beekeeper | a notary | a piano
        tuner | a student of law | a crane operator | a florist | a night nurse | a shepherd | a translator | a welder
        | a choir leader | a dentist | a lock keeper | a bookbinder | an electrician | an optician | a butcher's widow
        | a chess teacher | a ferryman | a geologist | a hotel porter""",
    "trade_an": """an accountant | a hydrologist | a structural engineer | a mediator | a judge in retirement | a tax
        adviser | an actuary | a vet | a fire officer | a surveyor | an economist | a carpenter | a quantity clerk | a
        harbour pilot | a seamstress""",
    "street": """Tanner Street | Old Quay | Mill Lane | the Cornmarket | Saltgate | Vesper Road | Lantern Hill | the
        Ropewalk | Goose Green | Abbey Rise | Chandler Row | Kiln Street | the Esplanade | Orchard Way | Pewter Court
        | Station Parade | Juniper Alley | Bishop's Walk | Weir Street | the Drovers' Road | Candle Square | Northfold
        | Flax Street | Herring Steps | Willow Bank | Quarry Road""",
    "building": """the corn exchange | the old tax office | Saint Bride's chapel | the swimming baths | the assembly
        rooms | the customs house | the signal box | the former cinema | the grain silo | the public library | the
        winter garden | the coaching inn | the school annexe | the bus depot | the pump house | the guildhall | the
        youth hostel | the fish market | the observatory | the parish hall | the lido | the tannery | the water tower
        | the post office | the infirmary | the bandstand | the ice house | the weighbridge""",
    "region": """Upper Marnshire | Westerlund | the Karst Valleys | Lower Ostrava Bay | Penmarrow | the Seven Dikes |
        Halland Moor | Eastmere""",
    "direction": "north | south | east | west | north-east | south-west",
    "ordinal": "second | third | fourth | fifth",
}

TOPICS: dict[str, dict[str, str]] = {
    "council": {
        "actor": """the town council | the planning committee | a majority of aldermen | the opposition group | the
            municipal auditor | the residents' association | the mayor's deputy | the heritage board | the housing
            corporation | the parks department | the clerk's office | the ward assembly | a coalition of shopkeepers |
            the water authority""",
        "did": """voted down | approved | sent back | postponed | shelved | defended | rewrote | signed off | quietly
            dropped | endorsed | put on hold | contested | tabled | amended""",
        "done": "rejected | blessed | delayed | debated | watered down | examined | praised | costed",
        "thing": """the {adj} plan for {n3} homes behind {building} | a parking charge of {money} a year | the sale of
            {building} | a ban on lorries in {street} | the budget for {year} | a levy on empty shops | the felling of
            {n2} lime trees | a cycle path from {street} to {town} | the contract with the refuse company | longer
            opening hours at {building} | the {adj} redesign of {street} | a grant for {building} | the merger with
            {town} | a pension scheme for aldermen | the new bye-law on short lets | a memorial on {street}""",
        "claim": """the sums do not add up | {building} cannot be saved for less than {money} | {percent} of residents
            never answered the survey | the contractor had been promised {money} in advance | the vote was taken with
            {n1} members absent | the town will borrow {money} | a referendum is off the table | the lawyers need
            another {n1} months | {street} will stay closed until {month} | the archive holds no copy of the lease""",
        "fact": """The chamber divided {n2} to {n1}, with {n1} abstentions | A petition with {n4} names was carried
            into {building} | The auditor found invoices worth {money} without a date | Work on {street} was to have
            begun in {month} | The reserve stands at {money}, down {percent} from {year} | Rents in the quarter have
            risen by {percent} since {year} | The legal costs so far come to {money} | {n3} objections had been filed
            by the deadline | The plan takes up {n3} pages and {n2} maps | Each of the {n2} wards will lose one
            polling station""",
        "fact_low": """a culvert under {street} gave way | the bank withdrew its loan | a clerk mislaid {n3} ballot
            papers | the roof fell in""",
        "quote": """We were asked to sign a blank cheque | You cannot heat a hall with promises | This is how a town
            loses its memory | I have counted the columns three times and they differ | Let the people of {street}
            decide for once | It is a compromise, and nobody loves a compromise | There is {money} in the kitty and
            not a penny more | My constituents want benches, not consultants""",
    },
    "court": {
        "actor": """the district court | the public prosecutor | a jury of {n2} | the court of appeal | the defence
            team | a former bank clerk | the presiding judge | the fraud squad | a haulage firm | the widow of a
            shareholder | the probation service | an expert witness | the court bailiff | the insurance company""",
        "did": """dismissed | upheld | challenged | overturned | withdrew | demanded | reopened | described | doubted
            | admitted as evidence | struck out | appealed against | questioned""",
        "done": "contested | ignored | sealed | questioned | filed | settled | lost | paid for",
        "thing": """a claim for {money} | the charge of forgery | the sentence of {n1} years | a {adj} ledger found in
            {building} | the testimony of {n2} drivers | the bankruptcy of a mill in {town} | the {adj} recording from
            {street} | a suspended fine of {money} | the seizure of {n2} paintings | the will of a shipowner | an
            injunction against the {town} Courier | the {adj} fingerprint on a decanter | the request for bail | a
            settlement over asbestos in {building} | the account of the night porter | the order to vacate {street}""",
        "claim": """the signature was made with another pen | the defendant was in {town} at the time | no crime can
            be proved | the money passed through {n2} accounts | the witness had been promised {money} | the file lay
            in a cellar for {n2} years | the fine will be paid in {n2} instalments | the cameras on {street} were
            switched off | the case may yet go to {town} | the jury was misdirected on {n1} points""",
        "fact": """The hearing lasted {n1} hours and {n2} minutes | In all {n3} exhibits were shown, among them a
            thermos flask | The accused, {n2}, spoke only to confirm his address | Bail was set at {money} | The trial
            has been adjourned {n1} times since {year} | Costs of {money} were awarded against the plaintiff | The
            judgment runs to {n3} paragraphs | Investigators had searched {n2} flats in {town} and {n1} garages | The
            maximum penalty is {n2} years | A verdict is due on {weekday} at {clock}""",
        "fact_low": """a safe was found open in {building} | two partners fell out over {money} | a van burned out on
            {street}""",
        "quote": """My client has nothing left to hide | The paper trail ends at his desk | It was the longest night
            of my life | We shall see you in the court of appeal | A mistake is not a crime, even a mistake of {money}
            | I did not push him and I did not see who did | The law is slow, but it does arrive | Nobody explained
            the form to her""",
    },
    "economy": {
        "actor": """the central bank | the chamber of commerce | a maker of ball bearings | the savings bank of {town}
            | the shipyard | exporters of cheese | the statistical office | the retail federation | a start-up from
            {town} | the mining group | shareholders | the pension fund | the employers' union | the tile factory""",
        "did": """raised | lowered its forecast for | cut | announced | warned about | welcomed | bought | sold |
            refinanced | underestimated | abandoned | guaranteed | wrote off""",
        "done": "hedged | promised | financed | exported | delayed | insured | subsidised",
        "thing": """its key rate by {n1} tenths of a point | {n4} jobs at the plant in {town} | a dividend of {money}
            | a {adj} loan of {money} | the wage deal for {n4} workers | a stake of {percent} in a rival | growth in
            the {ordinal} quarter | the {adj} order for {n2} tugboats | its warehouse on {street} | a tariff on
            imported glass | bonds worth {money} | the closure of {n2} branches | its listing in {town} | the price of
            milling wheat | {adj} stocks of unsold furniture | a savings plan of {money}""",
        "claim": """orders have fallen by {percent} | prices will ease by {month} | wages outpaced rents for the first
            time since {year} | the order book is full until {year} | {percent} of suppliers are paid late | the weak
            crown helps sellers abroad | margins have shrunk to {percent} | {n2} firms in {region} face closure |
            energy costs now swallow {percent} of turnover | no one will lend below {percent}""",
        "fact": """Turnover rose to {money} from {money} a year earlier | Unemployment in {region} stands at {percent}
            | The share fell {percent} to {n2} crowns at the close | Exports through the port of {town} reached {n4}
            tonnes in {month} | The average household pays {money} more than in {year} | Inflation slowed to {percent}
            in {month} | The order is worth {money} over {n2} years | Analysts had expected {money} | A tonne of
            barley cost {n3} crowns on {weekday} | Some {n4} permits were issued, {percent} fewer""",
        "fact_low": """a currency peg broke | {n2} mills closed within a year | the bank called in its loans
        | a ship ran aground with its cargo""",
        "quote": """We are building stock that nobody has asked for | The worst of the squeeze is behind us | A rate
            cut will not sell a single sofa | Our customers count every crown now | If the gas stays dear we close in
            {month} | I would rather miss a target than a payroll | The market has made up its mind without us | You
            cannot export from an empty quay""",
    },
    "sport": {
        "actor": """the home side | the champions of {region} | {town} United | the rowing eight | the league's
            disciplinary board | the national selectors | the goalkeeper | a substitute of {n2} | the visiting captain
            | the cycling federation | supporters in the east stand | the trainer from {town} | the swimming club |
            the referee""",
        "did": """threw away | won | protested against | celebrated | ruled out | rescued | squandered | turned around
            | lost | overshadowed | conceded | appealed for | shrugged off""",
        "done": "lost | won | drawn | cancelled | dominated | misjudged | rehearsed",
        "thing": """a lead of two goals | the cup tie against {town} | a {adj} penalty | the ninth stage to {town} | a
            place in the final | the {adj} sprint along {street} | its {ordinal} title since {year} | a transfer worth
            {money} | the derby | a {adj} tackle near the touchline | the record of {n2} points | a contract until
            {year} | the regatta on the canal | a ban of {n1} matches | an equaliser deep in stoppage time | the {adj}
            second half""",
        "claim": """the pitch was unfit for play | the knee will need {n1} weeks | the offside flag went up too late |
            {n2} players have the same fever | the board will back the trainer until {month} | tickets for the return
            are gone | the wind decided it | the squad costs {money} a season | the photo finish showed a hand's
            breadth | he had not slept for {n1} nights""",
        "fact": """The crowd of {n4} was the largest since {year} | The winning time was {n1} minutes and {n2} seconds
            | A header in the {n2}th minute settled it | The hosts had {percent} of the ball and {n1} shots | The
            stage of {n3} kilometres climbs to {n3} metres | {surname} has scored in {n1} matches running | The next
            fixture is on {weekday} in {town} | Both bars of the old goal shook after {n2} minutes | The score at
            half-time was {n1}-{n1} | A fine of {money} awaits the club""",
        "fact_low": "the stand burned down | both clubs went up on the last day | a fog swallowed the final",
        "quote": """We forgot to play after the whistle | My legs were gone by the bridge | You do not win a cup in
            {month} | I told them at the break to breathe | The fans deserve a better afternoon than this | It was a
            goal in any other country | She rowed as if the water owed her money | Give me eleven like him""",
    },
    "transport": {
        "actor": """the railway company | the ferry line | the airport of {town} | the tram drivers' union | the roads
            agency | the harbour master | a panel of engineers | commuters from {town} | the bus operator | the
            inspectorate | the bridge keeper | the toll office | the freight forwarders | the air traffic service""",
        "did": """suspended | restored | delayed | rerouted | inspected | doubled | scrapped | blamed | cleared |
            grounded | reopened | limited | extended""",
        "done": "tested | promised | rerouted | resurfaced | cancelled | patched | electrified",
        "thing": """the night train to {town} | the {adj} viaduct near {town} | all {n2} ferries | the tunnel under
            {street} | a speed limit of {n2} | {n3} carriages with cracked axles | the {adj} timetable for {month} | a
            swing bridge stuck since {weekday} | the fare of {n2} crowns | the bypass round {place} | the signalling
            at {town} junction | a freight yard of {n2} hectares | the {adj} shuttle from {building} | the dredging of
            the fairway | the ring road's {ordinal} lane | the contract for {n2} trolleybuses""",
        "claim": """the points had frozen | a cable was cut {n2} metres from {building} | the crew had worked {n2}
            hours | spare parts come from {town} | a replacement bus leaves from {street} at {clock} | the steel is
            thinner than drawn | traffic has grown by {percent} | repairs will last until {month} | the warning light
            came on at {clock} | {n4} passengers took another route""",
        "fact": """Trains between {place} and {town} ran {n2} minutes late | The jam was {n2} kilometres long by
            {clock} | Some {n4} travellers spent the night in {building} | The bridge dates from {year} and carries
            {n4} vehicles a day | Repairs cost {money}, of which the state pays {percent} | The inspectors listed {n2}
            faults | A single ticket will cost {n2} crowns from {month} | The ferry carries {n3} cars and {n4} people
            | The line was opened in {year} | {n1} of {n2} lifts were out of order""",
        "fact_low": """a barge struck the pier | the last steam engine was retired | a landslip buried {n3} metres of
            track""",
        "quote": """I have missed {n1} trains this week | A bridge does not mend itself | We would rather run late
            than run blind | Nobody tells you anything on platform {n1} | The axle held, and that was luck | People
            will walk if the bus does not come | My father drove this route in {year} | It is the wrong valve from the
            right box""",
    },
    "health": {
        "actor": """the regional hospital | family doctors in {region} | the health inspectorate | a team of
            virologists | the ambulance service | the vaccination centre | the nurses' council | a maker of inhalers |
            the food agency | midwives | the insurer | the ministry of health | pharmacists in {town} | the blood
            bank""",
        "did": """recalled | tested | recommended | ran short of | warned against | opened | examined | rationed |
            questioned | published | traced | halted | expanded""",
        "done": "tested | prescribed | imported | questioned | rationed | evaluated",
        "thing": """{n4} doses of a {adj} vaccine | a batch of {adj} cough syrup | the ward for {n2} patients in
            {building} | a trial with {n3} volunteers | the {adj} outbreak in {town} | waiting lists of {n2} weeks |
            the rule on visiting hours | a blood test for {n2} crowns | the closing of the delivery room | raw milk
            from {n2} farms | a register of rare tumours | the {adj} guideline on salt | the night shift of {n2}
            nurses | a mobile clinic on {street} | masks worth {money} | the fluoride in the water of {place}""",
        "claim": """the fever passes within {n1} days | {percent} of samples were positive | the freezer failed on
            {weekday} | the drug helps one patient in {n2} | staff worked {n2} shifts without a break | the water is
            safe again | cases doubled every {n1} days | the side effects were known in {year} | {n2} beds stand empty
            for want of nurses | the label named the wrong dose""",
        "fact": """The hospital treated {n3} people, {n2} of them children | Of {n4} volunteers, {percent} reported a
            headache | The batch carries the number {n4} | The region has one doctor for {n4} inhabitants | Admissions
            rose by {percent} in {month} | The clinic opens from {clock} on weekdays | The oldest patient is {n2}, the
            youngest {n1} | A course of treatment costs {money} | The laboratory needs {n2} hours for a result | The
            trial ran for {n2} months in {town} and {place}""",
        "fact_low": "typhoid closed the baths | the wing was struck by lightning | {n3} doses were thrown away",
        "quote": """Wash your hands and stay at home | We are tired, and tired people make mistakes | I would give it
            to my own children | The data are thin, but they point one way | There is no cure in that bottle | A
            hospital without nurses is a hotel | She walked out on her own two feet | Ask me again in {month}""",
    },
    "weather": {
        "actor": """the fire brigade | the coast guard | the weather service | farmers near {town} | the dike board |
            mountain rescuers | the power company | volunteers with shovels | the forestry office | owners of holiday
            homes | the civil defence | the river authority | a family of {n1} | the army engineers""",
        "did": """evacuated | feared for | searched | secured | cleared | reported | measured | gave up | reached |
            lost | sandbagged | underrated | photographed""",
        "done": "evacuated | flooded | cleared | mapped | fenced | drained",
        "thing": """{n2} houses along {street} | the {adj} camp site at {town} | a dike of {n1} kilometres | {n3}
            hectares of barley | the {adj} road to {town} | the cellar of {building} | a mast on the ridge | the
            stranded barge | gusts of {n3} kilometres an hour | the roof of {building} | a herd of {n2} heifers | the
            {adj} mudslide above {place} | an orchard of {n3} plum trees | {n4} homes without electricity | the weir
            at {town} | a hut at {n3} metres""",
        "claim": """the river will crest at {clock} | {n2} millimetres fell within an hour | the pumps ran dry | the
            worst gusts came at {clock} | the alarm reached {town} too late | the soil cannot take more | insurers
            expect claims of {money} | the frost will last until {weekday} | the sirens were tested in {month} | the
            ice is {n1} centimetres thick""",
        "fact": """The gauge at {town} showed {n3} centimetres | Lightning struck {n3} times within the hour | {n2}
            people were treated for smoke and cold | The temperature fell to minus {n1} at {clock} | Damage is put at
            {money} | Schools in {place} stay closed until {weekday} | The storm crossed {region} in {n1} hours | Some
            {n4} sandbags were filled at {building} | A falling lime crushed {n1} cars on {street} | The drought had
            lasted {n3} days""",
        "fact_low": "the dam at {town} broke | hail the size of plums fell | the harbour froze over",
        "quote": """The water came through the letter box | We carried the dog and left the rest | I have never heard
            wind like that | Everything smells of mud | One more night and the dike will go | You hear the ice before
            you see it | The cows were standing on the road | We have soup, blankets and no light""",
    },
    "culture": {
        "actor": """the city museum | the film festival | a string quartet from {town} | the opera's director | the
            heirs of a painter | the book fair | a novelist of {n2} | archaeologists | the theatre on {street} | the
            puppet makers' guild | the academy of arts | an auction house | the choir of {building} | the restorers""",
        "did": """unveiled | lent | cancelled | restored | discovered | refused | acquired | staged | returned |
            misplaced | dedicated | praised | bid for""",
        "done": "restored | staged | exhibited | translated | disowned | catalogued",
        "thing": """a {adj} altarpiece from {year} | the manuscript of a {adj} novel | {n2} Roman coins | the prize of
            {money} | a comedy in {n1} acts | the {adj} mosaic beneath {building} | a silent film shot in {town} | the
            retrospective with {n3} works | an unfinished requiem | the {adj} tapestry of the weavers' guild | a map
            of {region} drawn in {year} | the organ of {building} | the opening night | a {adj} bust of a mayor |
            letters between two sisters | the translation of a saga""",
        "claim": """the varnish hid a second face | the score was found in an attic in {town} | the loan ends in
            {month} | {n4} people queued on {street} | the painter never set foot in {region} | the frame is worth
            more than the picture | rehearsals take {n2} weeks | the ink dates from {year} | the last copy burned in
            {year} | the ending was changed {n1} times""",
        "fact": """The exhibition shows {n3} objects in {n2} rooms | The panel measures {n3} by {n2} centimetres |
            Bidding opened at {money} and ended after {n1} minutes | The hall seats {n3} | The novel has been
            translated into {n2} languages | Admission costs {n2} crowns, children enter free | The film runs for {n3}
            minutes | The find lay {n1} metres below {street} | The restoration took {n1} years | The jury read {n3}
            entries""",
        "fact_low": "a fire took the library | the troupe went bankrupt | a conductor walked out in the second act",
        "quote": """It smelled of smoke and oranges | I wrote it on the backs of timetables | A museum is a promise to
            the dead | The blue is the blue of {town} in {month} | Nobody claps at the right place | We cut the third
            act and saved the evening | It is small, ugly and entirely genuine | Pictures travel badly, people worse""",
    },
}

PAPERS = (
    "Courier | Ledger | Mercury | Observer | Gazette | Herald | Chronicle | Messenger | Post | Echo | Beacon | Tribune"
)
GIVEN_NAMES = """Adelina | Bramo | Corvin | Dessa | Elwin | Fenna | Gorik | Hella | Idris | Jorun | Kaspar | Lumi |
    Mirek | Nadia | Orsolo | Quirin | Ramona | Sanne | Tibor | Ulla | Viggo | Wanda | Yorick | Zelda | Anouk | Benno |
    Clio | Dario | Eskil | Flora"""
FAMILY_HEADS = """Alder | Bran | Castro | Dun | Eycker | Fal | Grev | Hold | Istra | Jonk | Kest | Lor | Munt | Nor |
    Oster | Pell | Quar | Rav | Sten | Torv | Ulf | Vand | Wess | Yst | Zand | Brock | Crom | Dray | Elm | Fens"""
FAMILY_TAILS = """moor | kel | vin | helm | man | korn | ink | reth | vel | veld | rin | vane | sby | dahl | gren |
    ster | wick | low | mark | ford"""
TOWN_HEADS = """Salt | Grim | Oak | Raven | Winter | Thorn | Amber | Bell | Cold | Dun | Elder | Fox | Gold | Hare |
    Iron | Kings | Lamb | Marsh | Nettle | Otter | Pike | Quern | Rush | Silver | Tarn | Under | Vale | Whit | Yarrow
    | Ash"""
TOWN_TAILS = """mere | haven | stead | bury | wick | combe | ness | holt | ford | minster | thorpe | dale | croft |
    bridge | hurst | mouth | by | well | gate | leigh"""
MONTHS = "January | February | March | April | May | June | July | August | September | October | November | December"
NUMBERS = "two | three | four | five | six | seven | eight | nine | eleven | twelve | fourteen | sixteen"
WEEKDAYS = "Monday | Tuesday | Wednesday | Thursday | Friday | Saturday | Sunday"
ROLES = """the chairwoman | a spokesman | the treasurer | the secretary | head of the inquiry | the deputy director |
    a veteran of the board | the press officer | the acting head | a member since {recent} | the project leader | the
    youngest member"""
CAPTIONS = """{name} in front of {building} in {place}, {weekday}. Photo: {name} | {Building} on {street} in {place},
    seen from {town} road. {name} / AFP | People gather outside {building} {when} - Reuters | The scene on {street} in
    {place}. (Photo by {name}/AP) | {name} and {name} at {building}, {month} {year}. © {name}"""
FEET = """Subscribe to {outlet} for {n2} crowns a month and read every story from {town} first. | {outlet} is an
    independent newsroom in {town}, founded in {year}. Our {n2} reporters cover {region} from {building}. Tips are
    welcome at any hour; we protect our sources. | Read more in the app of {outlet}, or sign up for the letter that
    {name} writes every {weekday}. | Copyright {outlet}. No part of this article may be reproduced without the written
    consent of the publisher in {town}. | This article first appeared in the print edition of {outlet}. Corrections
    can be sent to the readers' editor, {name}. | Did you like this story? Support {outlet}: for the price of a coffee
    you keep local reporting in {region} alive."""
HEADS = """{outlet} | News from {region} | Subscribers read this story first | Reading time: {n1} minutes | From our
    newsroom in {town} | {outlet} Live: follow us wherever you are | Regional edition: {region}"""
DATELINES = """{town_upper}, {day} {this_month} (Reuters) - | {town_upper}, {this_month} {day} (AP) — | {town_upper}
    (AFP) - | date {iso_month} | {town_upper}, {day} {this_month} (dpa) - | {iso_day} {town_upper} -"""

PAGE_HEADLINES = {
    "weather_page_headline": "The weather in {place} | {weekday}'s weather | Forecast for {place}",
    "results_page_headline": "All results | Results and tables | Round-up of {weekday}'s matches",
    "service_page_headline": "Tides and ferries | Today on the water | When the boats go",
    "fixed_form_headline": "In brief | {place} in short | Notices",
}
WEATHER_PAGES = """{place} and surroundings: the weather for {weekday}, {day} {this_month}.

{Sky} in the morning, with {rain} around {clock}. By noon it will be {degrees} degrees in {place} and {degrees} in
{town}; the wind blows {wind} from the {direction} at {n2} kilometres an hour. {Sky} towards evening.

{Weekday}: {sky}, {degrees} degrees, chance of rain {percent}. {Weekday}: {sky}, {degrees} degrees, chance of rain
{percent}.

Sunrise {clock}, sunset {clock}. Water temperature at {town}: {degrees}. Pollen: {pollen}. {Advice}."""
RESULTS_PAGES = """{League}, round {n2}: all results of {weekday}.

{match}

{match}

{match}

{match}

{match}

Top of the table: 1. {town} {n2}, 2. {town} {n2}, 3. {town} {n2}, 4. {town} {n2}. Top scorers: {name} ({town}) {n2},
{name} ({town}) {n2}, {name} ({town}) {n1}. Next round: {town} v {town} ({weekday}, {clock}), {town} v {town}
({weekday}, {clock})."""
SERVICE_PAGES = """Tides and ferries at {place}, {weekday} {day} {this_month}.

High water {clock} and {clock}, low water {clock} and {clock}. Water {degrees} degrees, wind {n1} Beaufort from the
{direction}.

The times are those of the harbour mouth; for the upper quay add twenty minutes. Heights are given above chart datum
and take no account of the wind: a storm from the sea can raise the level by half a metre. Skippers who do not know
the channel should ask for a pilot.

Ferries leave from the west pier, the last at {clock}. Passengers are asked to be there ten minutes before. Bicycles
travel free and dogs on a lead. In thick fog no boats go out. Today's master is {name}."""
FIXED_FORMS = """The winning numbers in {weekday}'s {region} lottery were {n2}, {n2}, {n2}, {n2}, {n2} and {n2}, with
    {n1} as the bonus. The jackpot of {money} {jackpot}. The next draw is on {weekday}. | The crown closed at {rate}
    to the euro on {weekday}, from {rate} the day before. It bought {rate} dollars and {rate} pounds. Ten-year bonds
    yielded {percent}, and the index of {town} ended at {n4} points. | Roadworks: {street} in {place} is closed from
    {clock} on {day} {this_month} for {works}. Diversions lead by {street} and {street}. Bus {n2} stops at {building}
    instead. | {name}, {trade} of {place}, died on {weekday} aged {n2}. The funeral is at {clock} on {day}
    {this_month} at {building}, {street}. No flowers; gifts go to {building} in {town}. | Burglars broke into a house
    on {street} in {place} on {weekday} night and took {loot}. Police ask anyone who saw {car} near {building} at
    about {clock} to call {town} station."""
PAGE_WORDS = {
    "sky": """sunny spells | thick fog over the low fields | a milky sky | broken cloud | grey and close | bright but
        cold | drizzle off and on | mostly clear | showers with hail | veils of high cloud | wet snow on the hills | a
        heavy, thundery air""",
    "rain": """a shower or two | steady rain | no rain to speak of | a rumble of thunder | light drizzle | a passing
        squall | sleet on the ridge""",
    "wind": "gently | freshly | in fits | hard | hardly at all | steadily",
    "pollen": "low | moderate, birch | high, grasses | high, alder and hazel | none | moderate, nettle",
    "advice": """Take an umbrella after lunch | Bring tender plants indoors tonight | Ice is likely on bridges | Good
        drying weather | Boats should stay in harbour | Mind the glare on the {town} road | A fine evening for the
        terrace | Sunscreen is advised from {clock}""",
    "league": """{region} first division | Women's league of {region} | Cup of the {town} brewery | Second division
        east | Hockey, {region} premier class | Handball, north group""",
    "match": """{town} {n1}-{n1} {town} ({surname} {n2}, {surname} {n2}; {surname} {n2}). Att: {n4} | {town} v {town}
        {n1}-{n1}, half-time {n1}-{n1}. Scorers: {surname}, {surname}. Referee: {name} | {town} beat {town} {n1}-{n1}
        after {surname} was sent off in minute {n2}""",
    "jackpot": """was not won and rolls over | went to a ticket sold in {town} | is shared by {n1} players | fell to a
        buyer on {street} | was won by a group of {n2} in {place}""",
    "works": "sewer repairs | new kerbs | filming | a street market | the felling of limes | gas pipes | a cycle race",
    "loot": """jewels worth {money} | two bicycles and a camera | a coin collection | {n2} bottles of wine | a cello
        in its case | cash and a laptop | the contents of a safe""",
    "car": """a green van | a man with a ladder | two youths on a moped | a silver estate car | a white lorry from
        {town} | a woman with a spaniel""",
}
