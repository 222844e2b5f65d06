# First run and signing in.
setup-steps = Steps
setup-step-you = You
setup-step-place = Country and industry
setup-step-start = Start
setup-you-title = Set up Probity
setup-you-lead = You will be its administrator. This takes about a minute.
setup-code = One-time code
setup-code-help = It stands in the terminal where Probity was started, so that nobody else can claim this house.
setup-name = Your name
setup-email = E-mail
setup-password = Password
setup-password-help = At least 12 characters. A sentence is easy to remember and hard to guess.
setup-next = Continue
setup-place-title = Country and industry
setup-place-lead = They choose the retention rules you start with. You can change every one of them later.
setup-country = Country
setup-industry = Industry
setup-adopt = Adopt these rules
setup-preview = Preview the rules
setup-legal = A checked starting point with its sources, not legal advice.
rule-statutory = statute
rule-recommended = recommended
setup-start-title = How would you like to begin?
setup-import = Import my sheet
setup-import-note = CSV, Excel or vCard. You see what will happen before anything is written.
setup-demo = Look at demo data
setup-demo-note = 300 invented people with mails, deals and requests. Remove them with one click.
setup-empty = Start empty
setup-empty-note = Write your first record by hand.
sign-in-title = Sign in
sign-in = Sign in
sign-in-expired = Your session ended. Your text is kept; sign in to go on where you were.
setup-adopted = { $count ->
    [one] One rule is in place.
   *[other] { $n } rules are in place.
}
industry-general = General
industry-trade = Trade
industry-finance = Finance
industry-health = Health
industry-education = Education
industry-telecom = Telecommunications
industry-public = Public administration
industry-children = Services for children
industry-legal = Legal services
