//! What was sold, product by product, as a page.

use crm::reports::{PRODUCTS, Sale, SalesAsk, Sold};

use super::*;

/// The bars of the chart.
const BARS: usize = 15;

pub(super) async fn sales(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let mut page = Page::begin(&web, &who, query.as_deref()).await?;
    let view = view(&mut page).await?;
    Ok(Html(html(&view)?).into_response())
}

/// The page, filled.
pub(crate) async fn view(page: &mut Page<'_>) -> Result<ReportPage> {
    let t = page.t;
    let period = page.period();
    let of = Sold::parse(page.asked.get("of")).unwrap_or(Sold::Orders);
    let run = reports::sales(&page.web.app, &page.who.actor, &SalesAsk { period, of }).await?;
    let found = &run.report;
    let money = Money::of(t, &run, &[&found.total.net], page.asked.get("currency"));
    let mut view = page.view("sales", &run).await?;
    page.with_money(&mut view, &money);
    let ways = Sold::ALL.map(|one| Choice::new(one.as_str(), t.get(&format!("report-sold-{}", one.as_str())), one == of));
    view.fields = vec![Field::new("of", t.get("report-sold"), Control::Choice(ways.into())).required()];
    view.fields.extend(page.period_fields(period));
    if found.total.lines == 0 {
        view.empty = Some(t.get("report-sales-nothing"));
        return Ok(view);
    }
    let name = |product: &Option<kernel::RecordId>| match product {
        None => t.get("report-no-product"),
        Some(id) => found.named.iter().find(|shown| shown.id == *id).map_or_else(|| t.get("link-withheld"), |shown| named(t, &shown.title)),
    };
    let quantity = |n: i64| t.decimal(&catalogue::Value::Number(n).display());
    let share = |sale: &Sale| match money.value(&found.total.net) {
        0 => String::from("–"),
        all => rate(t, u32::try_from((i128::from(money.value(&sale.net)) * 1_000 + i128::from(all) / 2) / i128::from(all)).ok()),
    };
    let row = |what: Cell, sale: &Sale| {
        let (much, net) = (Cell::Number(quantity(sale.quantity)), money.cell(&sale.net));
        vec![what, much, count(sale.lines), net, Cell::Number(share(sale))]
    };
    let linked = |product: &Option<kernel::RecordId>| match product {
        Some(id) if found.named.iter().any(|shown| shown.id == *id) => {
            Cell::Link { text: name(product), href: href_of(catalogue::product::KIND, *id) }
        }
        _ => Cell::Text(name(product)),
    };
    let mut rows: Vec<Vec<Cell>> = found.products.iter().map(|(product, sale)| row(linked(product), sale)).collect();
    if found.more > 0 {
        rows.push(row(Cell::Text(t.count("report-other-products", found.more)), &found.others));
    }
    view.figures = vec![
        Figure { label: t.get("report-sales-net"), value: money.words(&found.total.net), note: t.get("report-sales-net-note") },
        Figure {
            label: t.get("report-sales-products"),
            value: t.number((found.products.len() + found.more) as u64),
            note: t.count("report-sales-lines", found.total.lines),
        },
        Figure {
            label: t.get(&format!("report-sold-{}", of.as_str())),
            value: t.number(found.sold as u64),
            note: t.get(&format!("report-sold-{}-note", of.as_str())),
        },
    ];
    let bars =
        found.products.iter().take(BARS).map(|(product, sale)| (name(product), Datum::new(money.value(&sale.net), money.words(&sale.net))));
    let bars = Bars { title: t.get("report-sales"), description: t.get("report-sales-chart"), ink: Ink::First, bars: bars.collect() };
    let heads = ["report-product", "report-quantity", "report-lines", "report-sales-net", "report-share"].map(|key| t.get(key));
    view.parts = vec![Part {
        id: "products",
        title: t.get("report-by-product"),
        note: if found.more > 0 { t.with("report-sales-most", "n", PRODUCTS) } else { String::new() },
        chart: Some(chart::bars("products-chart", &bars)),
        grid: Some(grid(t.get("report-by-product"), &heads, rows)),
    }];
    Ok(view)
}
