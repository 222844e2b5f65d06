nav-reports = Reports
percent = { $n } %
report-show = Show
report-currency = Currency
report-nothing = Nothing to count
report-recorded = This run was recorded as one event. It counts what you may list, and nothing else.
report-amounts-withheld = Amounts are withheld from this purpose: there are no sums.
report-all-in = All in { $currency }
report-converted = Converted: { $rates }.
report-rate = 1 { $currency } = { $rate } { $base } (rate of { $day })
report-not-in = Sums are in { $one }. Not in them: { $others }.
report-enter-rates = Enter rates to see them together.
report-pipeline = Pipeline
report-every-pipeline = Every pipeline
report-from = From
report-to = To
report-wrong-day = Write the day as 2026-11-21. The last twelve months are shown.
report-whose = Whose
report-everybody = Everybody’s
report-mine = Mine
report-nobody = Nobody’s
report-ahead = Ahead
report-months = { $count ->
    [one] { $n } month
   *[other] { $n } months
  }
report-deals = { $count ->
    [one] { $n } deal
   *[other] { $n } deals
  }
report-days = { $count ->
    [one] { $n } day
   *[other] { $n } days
  }
report-forecast = Forecast
report-forecast-about = What was won and what is to be expected, by the month in which deals close.
report-forecast-nothing = No deal is open, and none was won this month. Deals with an amount and an expected close make a forecast.
report-forecast-chart = For each month what was won, what is committed and what is likely. The table below has every number.
report-won = Won
report-lost = Lost
report-open = Open
report-committed = Committed
report-committed-note = open, at least { $percent } % likely
report-weighted = Likely
report-weighted-note = each amount by how likely it is
report-by-month = By month
report-by-owner = By owner
report-owner-chart = For each owner what was won and what is likely, together.
report-owner-note = Won and likely together, of the months above.
report-month = Month
report-owner = Owner
report-deals-open = Deals open
report-later = Later
report-undated = Without a date
report-overdue = Past their date
report-overdue-note = { $deals } open though the day they were to close is past: { $sum }. They are in none of the months.
report-overdue-first = The { $n } longest overdue are named.
report-late = { $day }, { $late }
report-deal = Deal
report-expected = Expected close
report-amount = Amount
report-funnel = Funnel
report-funnel-about = Of the deals that came in, how many reached each stage, and where they were lost.
report-funnel-nothing = No deal came into this pipeline during this time. Choose another.
report-funnel-chart = How many of { $n } deals reached each stage. The table below has every number.
report-funnel-note = A deal counts for every stage it reached or passed, by its versions. What was won passed them all.
report-came-in = Came in
report-conversion = Won of them
report-conversion-note = { $won } so far
report-lost-most = most after { $stage }: { $n }
report-reached = { $n } · { $rate }
report-stage = Stage
report-got-here = Came this far
report-from-before = Of the stage before
report-from-first = Of all
report-here-now = Here now
report-lost-here = Lost after it
report-results = Results
report-results-about = What was won and lost, how often one wins, and how long it takes.
report-results-nothing = No deal was won or lost during this time. Choose another.
report-results-chart = What was won and lost. The table below has every number.
report-results-month = Won and lost by month
report-results-owner = Won by owner
report-results-reason = Won and lost by reason
report-results-pipeline = Won by pipeline
report-by = By
report-way-month = Month
report-way-owner = Owner
report-way-reason = Reason
report-way-pipeline = Pipeline
report-win-rate = Win rate
report-win-rate-note = { $won } won, { $lost } lost
report-cycle = Half take at most
report-cycle-note = from coming in to won
report-days-head = Days, median
report-deals-won = Deals won
report-deals-lost = Deals lost
report-reason = { $reason } ({ $outcome })
report-no-reason = No reason given
report-activity = Activity
report-activity-about = What people wrote down and sent, by whose it is.
report-activity-nothing = Nothing was written down or sent during this time. Choose another.
report-activity-chart = For each owner how much was written down and sent. The table below has every number.
report-activity-note = By when it happened, as far as its source says so. Comments count as notes.
report-does-call = Calls
report-does-meeting = Meetings
report-does-note = Notes
report-does-message = Messages
report-does-task = Tasks
report-together = Together
report-not-counted = Not counted, for you may not list them: { $kinds }.
report-cohorts = Cohorts
report-cohorts-about = Customers by the month in which they first bought, and how many of them bought again.
report-cohorts-nothing = Nobody bought during the last twelve months: no order is placed, no deal won.
report-cohorts-chart = How many customers first bought in each month. The table below has every number.
report-cohorts-note = A purchase is an order, unless cancelled or returned, or a deal won. The customer is its company, else its person. The columns say how many of a month’s new customers bought again so many months later.
report-new-customers = New customers
report-first-month = First month
report-month-after = +{ $n }
report-no-orders = Orders are not counted: you may not list them for this purpose.
report-of-nobody = { $count ->
    [one] { $n } purchase names no customer.
   *[other] { $n } purchases name no customer.
  }
settings-rates = Rates
rates-title = Rates of exchange
rates-note = Sums in reports are converted into this currency by the latest rate that is not later than the day of the report, and say by which. Without a rate, currencies stand side by side.
rates-currency = The house counts in
rates-currency-help = Three letters, such as EUR (ISO 4217). Rates stand for one such currency; those of another come back with it.
rates-none = No rate is entered yet.
rates-of = Currency
rates-day = From
rates-rate = One is worth
rates-rate-help = In the house’s currency, such as 0.92.
rates-add = Enter a rate
rates-remove = Take back
rates-remove-one = Take back: { $currency } of { $day }
rates-saved = Saved. Reports count with it from now on.
rates-gone = The rate is taken back.
did-report-run = ran a report
did-rates-changed = changed a rate of exchange

# Sales by product.
report-sales = Products
report-sales-about = What was sold, product by product, by the lines of orders or of deals won.
report-sales-nothing = Nothing with lines was sold during this time. Choose another, or add lines to orders and deals.
report-sold = Counted
report-sold-orders = Orders
report-sold-deals = Deals won
report-sold-orders-note = placed in this time; not those cancelled or returned
report-sold-deals-note = closed in this time
report-no-product = Without a product
report-other-products = { $count ->
    [one] 1 other product
   *[other] { $n } other products
}
report-sales-net = Net
report-sales-net-note = without tax
report-sales-products = Products
report-sales-lines = { $count ->
    [one] on 1 line
   *[other] on { $n } lines
}
report-sales-chart = What came to most first. The table below has every number.
report-by-product = By product
report-product = Product
report-quantity = Quantity
report-lines = Lines
report-share = Share
report-sales-most = The first { $n } products; the others stand together at the end.

# Dashboards.
dashboards-title = Dashboards
dashboards-lead = Reports and saved views side by side, as you compose them. Each shows what you may see, whoever made it.
dashboards-none = No dashboard yet. Name one, then choose its tiles.
dashboard-new = New dashboard
dashboard-make = Make it
dashboard-note = Its name is sealed. You add tiles on the next page.
dashboard-name = Name
dashboard-shared = Who sees it
dashboard-shared-no = Only me
dashboard-shared-team = My team
dashboard-shared-all = Everybody
dashboard-tiles = { $count ->
    [one] 1 tile
   *[other] { $n } tiles
}
dashboard-subtitle = { $shared } · { $tiles }
dashboard-recorded = Each tile was made for you, for the purpose you act for, and recorded as the report or list that it is.
dashboard-compose = Compose
dashboard-done = Done
dashboard-on-home = Show on Home
dashboard-off-home = Take off Home
dashboard-at-home = on Home
dashboard-delete = Delete dashboard
dashboard-delete-note = Views, reports and records stay.
dashboard-deleted = The dashboard was deleted.
dashboard-empty = No tiles yet
dashboard-empty-note = Press Compose, and choose what the first tile shows.
tile-add = Add tile
tile-show = Shows
tile-period = Time
tile-view = Saved view
tile-table = The numbers
tile-up = Move up: { $name }
tile-down = Move down: { $name }
tile-remove = Remove: { $name }
tile-first-rows = { $n } of { $all }
tile-forecast = Forecast
tile-funnel = Funnel
tile-by-month = Won and lost by month
tile-by-owner = Won by owner
tile-by-reason = Won and lost by reason
tile-win-rate = Win rate
tile-cycle-time = Days to win
tile-activity = Activity
tile-cohorts = New customers by month
tile-sales = Sales by product
tile-view-count = A view: how many
tile-view-sums = A view: its sums
tile-view-rows = A view: its first rows
span-this-month = This month
span-last-month = Last month
span-this-quarter = This quarter
span-this-year = This year
span-days30 = The last 30 days
span-months12 = The last twelve months
report-dashboards = Dashboards
report-way-priority = Priority
report-service = Service
report-service-about = Of the cases that came in during a time: how many were answered and solved in time.
report-service-nothing = No case came in during this time.
report-service-groups = In time
report-service-chart = The share of solutions that were in time. The table below has every number.
report-service-note = A share is of what is decided: in time, or too late. What is still open and not past stands apart.
report-kept = { $met } in time, { $missed } too late, { $open } open
report-cases = Cases
report-cases-note = came in during this time
report-no-priority = No priority
report-replied = Answered in time
report-solved = Solved in time
report-replied-met = Answers in time
report-replied-missed = Answers too late
report-replied-open = Answers open
report-solved-met = Solutions in time
report-solved-missed = Solutions too late
report-solved-open = Solutions open
