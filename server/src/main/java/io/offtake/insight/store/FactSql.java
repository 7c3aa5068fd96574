package io.offtake.insight.store;

import java.util.List;

/// The statements that turn documents into facts. Parameters are named: `:d` the distributor, `:from` and `:to` the range of
/// its feed, `:v` the version that the facts get.
final class FactSql {
    private FactSql() {}

    private static final String SOLD = "o.topic in ('invoice.posted', 'credit-note.posted')";
    private static final String CANCELLED = "o.topic in ('invoice.cancelled', 'credit-note.cancelled')";
    private static final String RECEIVED = "o.topic = 'goods-receipt.posted'";
    private static final String ORDERED = "o.topic like 'order.%' or o.topic like 'invoice.%'";
    private static final String RANGE = "o.distributor_id = :d and o.seq > :from and o.seq <= :to ";

    private static final String NOTED = "o.topic = 'financial-credit-note.posted'";
    private static final String PRIOR = "o.topic = 'document.prior-period'";

    /// What moves stock other than by bills and credit notes; what nobody knows yet may.
    private static final String MOVING = "o.topic not in ('invoice.posted', 'credit-note.posted', 'invoice.delivered', 'document.prior-period', 'collection.posted', 'financial-credit-note.posted', 'scheme.paid')"
            + " and o.topic not like 'order.%' and o.topic not like 'claim.%'";

    /// What moves the accounts of outlets other than by bills and credit notes.
    private static final String BOOKING = "o.topic not in ('invoice.posted', 'credit-note.posted', 'invoice.delivered', 'document.prior-period', 'goods-receipt.posted', 'opening-stock.posted')"
            + " and o.topic not like 'order.%' and o.topic not like 'return.%'";

    /// What a range of the feed is about.
    static final String NEXT = """
            select count(*) as events, coalesce(max(o.seq), 0) as last, coalesce(bool_or(\s""" + SOLD + "), false) as sold, coalesce(bool_or(" + NOTED + "), false) as noted, coalesce(bool_or(" + PRIOR + "), false) as prior, coalesce(bool_or(" + CANCELLED + "), false) as cancelled, coalesce(bool_or("
            + RECEIVED + "), false) as received, coalesce(bool_or(" + ORDERED + "), false) as ordered, coalesce(bool_or(o.topic = 'invoice.delivered'), false) as delivered, coalesce(bool_or(" + MOVING + "), false) as moving, coalesce(bool_or(" + BOOKING + "), false) as booking" + """

              from (select q.seq, q.topic from platform.outbox q where q.distributor_id = :d and q.seq > :from order by q.seq limit :most) o""";

    /// Documents that were posted in the range and are not facts yet: a document that is told twice counts once.
    private static final String NEW_SALES = """
            (select distinct i.distributor_id, i.id, i.business_date, i.kind, i.principal_id, i.outlet_id, i.number
               from platform.outbox o
               join billing.invoice i on i.distributor_id = o.distributor_id and i.id = o.document_id and i.kind in ('INVOICE', 'CREDIT_NOTE')
              where\s""" + RANGE + " and " + SOLD + """

                and not exists (select 1 from insight.sales_document k where k.distributor_id = i.distributor_id and k.id = i.id)) i""";

    /// Facts whose document was cancelled in the range and which still count. The event names the document or its cancellation.
    private static final String NEW_CANCELS = """
            (select distinct k.distributor_id, k.id, k.business_date, k.kind, k.principal_id, k.outlet_id
               from platform.outbox o
               left join billing.invoice_cancellation c on c.distributor_id = o.distributor_id and c.id = o.document_id
               join insight.sales_document k on k.distributor_id = o.distributor_id and k.id = coalesce(c.invoice_id, o.document_id)
              where\s""" + RANGE + " and " + CANCELLED + " and not k.cancelled) i";

    private static final String LINES = """

              join billing.invoice_line l on l.distributor_id = i.distributor_id and l.business_date = i.business_date and l.invoice_id = i.id""";

    /// The outlet's place on the business date.
    static String place(String of) {
        return "\n  left join insight.outlet_place p on p.distributor_id = " + of + ".distributor_id and p.outlet_id = " + of + ".outlet_id and p.from_on <= " + of
                + ".business_date and (p.to_on is null or p.to_on > " + of + ".business_date)";
    }

    static final String PLACE = "p.beat_id, coalesce(p.channel, ''), coalesce(p.outlet_class, '')";

    private record Sum(String name, String sql) {}

    /// Sums over lines: what invoices bill, what credit notes take back, and the net of both.
    private static final List<Sum> SUMS = List.of(
            new Sum("nsv", "sum(case when i.kind = 'INVOICE' then l.gross - l.scheme_discount - l.manual_discount else l.scheme_discount + l.manual_discount - l.gross end)"),
            new Sum("gross", "sum(case when i.kind = 'INVOICE' then l.gross else 0 end)"),
            new Sum("scheme_discount", "sum(case when i.kind = 'INVOICE' then l.scheme_discount else 0 end)"),
            new Sum("manual_discount", "sum(case when i.kind = 'INVOICE' then l.manual_discount else 0 end)"),
            new Sum("returned", "sum(case when i.kind = 'INVOICE' then 0 else l.gross - l.scheme_discount - l.manual_discount end)"),
            new Sum("billed_qty", "sum(case when i.kind = 'INVOICE' then l.qty else 0 end)"),
            new Sum("free_qty", "sum(case when i.kind = 'INVOICE' then l.free_qty else 0 end)"),
            new Sum("returned_qty", "sum(case when i.kind = 'INVOICE' then 0 else l.qty end)"),
            new Sum("cost", "sum(case when i.kind = 'INVOICE' then l.cost else -l.cost end)"));
    /// Price compliance (KPI-70): what a clerk took off the authorised price is at most half a percent.
    private static final List<Sum> PRICED = List.of(
            new Sum("invoice_lines", "count(*) filter (where i.kind = 'INVOICE' and l.qty > 0)"),
            new Sum("priced_lines", "count(*) filter (where i.kind = 'INVOICE' and l.qty > 0 and l.manual_discount <= l.gross * 0.005)"));
    private static final List<Sum> COUNTS = List.of(new Sum("bills", "count(distinct i.id) filter (where i.kind = 'INVOICE' and l.qty > 0)"), new Sum("lines", "count(*)"));

    private static String names(String prefix, List<List<Sum>> of) {
        return of.stream().flatMap(List::stream).map(sum -> prefix + sum.name).collect(java.util.stream.Collectors.joining(", "));
    }

    private static String sums(List<List<Sum>> of) {
        return of.stream().flatMap(List::stream).map(sum -> sum.sql + " as " + sum.name).collect(java.util.stream.Collectors.joining(",\n       "));
    }

    private static String moved(String sign, String by, List<List<Sum>> of) {
        return of.stream().flatMap(List::stream).map(sum -> sum.name + " = t." + sum.name + " " + sign + " " + by + "." + sum.name).collect(java.util.stream.Collectors.joining(", "));
    }

    private static final List<List<Sum>> DAILY = List.of(COUNTS, PRICED, SUMS);
    private static final List<List<Sum>> MONTHLY = List.of(PRICED, SUMS);

    /// Adds lines to the days. `set` gives distributor, document, date, kind, principal and outlet as `i`, `lines` its lines as `l`.
    private static String addDaily(String source, String set, String lines) {
        return "insert into insight.sales_daily as t (distributor_id, business_date, outlet_id, sku_id, source, principal_id, beat_id, channel, outlet_class, version, " + names("", DAILY) + ")\n"
                + "select i.distributor_id, i.business_date, i.outlet_id, l.sku_id, '" + source + "', i.principal_id, " + PLACE + ", :v, " + sums(DAILY) + "\n  from " + set + lines + place("i") + """

                 group by i.distributor_id, i.business_date, i.outlet_id, l.sku_id, i.principal_id, p.beat_id, p.channel, p.outlet_class
                on conflict (distributor_id, business_date, outlet_id, sku_id, source) do update set version = excluded.version,\s""" + moved("+", "excluded", DAILY);
    }

    private static String addMonthly(String source, String set, String lines) {
        return "insert into insight.sales_month as t (distributor_id, business_date, sku_id, source, principal_id, version, " + names("", MONTHLY) + ")\n"
                + "select i.distributor_id, date_trunc('month', i.business_date)::date, l.sku_id, '" + source + "', i.principal_id, :v, " + sums(MONTHLY) + "\n  from " + set + lines + """

                 group by i.distributor_id, date_trunc('month', i.business_date)::date, l.sku_id, i.principal_id
                on conflict (distributor_id, business_date, sku_id, source) do update set version = excluded.version,\s""" + moved("+", "excluded", MONTHLY);
    }

    private static String takeDaily(String source, String set, String lines) {
        return "update insight.sales_daily t set version = :v, " + moved("-", "x", DAILY) + "\n  from (select i.distributor_id, i.business_date, i.outlet_id, l.sku_id, " + sums(DAILY) + "\n          from " + set + lines
                + "\n         group by i.distributor_id, i.business_date, i.outlet_id, l.sku_id) x\n where t.distributor_id = x.distributor_id and t.business_date = x.business_date and t.outlet_id = x.outlet_id"
                + " and t.sku_id = x.sku_id and t.source = '" + source + "'";
    }

    private static String takeMonthly(String source, String set, String lines) {
        return "update insight.sales_month t set version = :v, " + moved("-", "x", MONTHLY) + "\n  from (select i.distributor_id, date_trunc('month', i.business_date)::date as month, l.sku_id, " + sums(MONTHLY)
                + "\n          from " + set + lines + "\n         group by i.distributor_id, date_trunc('month', i.business_date)::date, l.sku_id) x\n where t.distributor_id = x.distributor_id and t.business_date = x.month"
                + " and t.sku_id = x.sku_id and t.source = '" + source + "'";
    }

    static final String ADD_DAILY = addDaily("LIVE", NEW_SALES, LINES);
    static final String ADD_MONTHLY = addMonthly("LIVE", NEW_SALES, LINES);
    static final String TAKE_DAILY = takeDaily("LIVE", NEW_CANCELS, LINES);
    static final String TAKE_MONTHLY = takeMonthly("LIVE", NEW_CANCELS, LINES);

    private static final String SCHEMES = """
            insert into insight.scheme_use (distributor_id, business_date, id, scheme_id, sku_id, kind, principal_id, outlet_id, beat_id, channel, outlet_class, number, benefit, claim, version)
            select i.distributor_id, i.business_date, i.id, b.scheme_id, l.sku_id, i.kind, i.principal_id, i.outlet_id,\s""" + PLACE + """
            , i.number,
                   sum(case when i.kind = 'INVOICE' then 1 else -1 end * (b.amount + case when b.kind = 'FREE_GOODS' then b.claim_value else 0 end)),
                   sum(case when i.kind = 'INVOICE' then 1 else -1 end * b.claim_value), :v
              from\s""" + NEW_SALES + LINES + """

              join (select distributor_id, business_date, invoice_id, line, part, scheme_id, kind, amount, claim_value from billing.scheme_benefit
                     union all
                    select distributor_id, business_date, document_id, line, part, scheme_id, kind, amount, claim_value from billing.benefit_reversal) b
                on b.distributor_id = l.distributor_id and b.business_date = l.business_date and b.invoice_id = l.invoice_id and b.line = l.line and b.part = l.part""";
    static final String ADD_SCHEMES = SCHEMES + place("i") + """

             group by i.distributor_id, i.business_date, i.id, b.scheme_id, l.sku_id, i.kind, i.principal_id, i.outlet_id, p.beat_id, p.channel, p.outlet_class, i.number
            on conflict do nothing""";
    static final String CANCEL_SCHEMES = """
            update insight.scheme_use t set cancelled = true, version = :v
              from\s""" + NEW_CANCELS + """

             where t.distributor_id = i.distributor_id and t.business_date = i.business_date and t.id = i.id""";

    private static final String REASON = "substring(n.command from '\"reason\": ?\"([^\"]*)\"')";
    static final String ADD_RETURNS = """
            insert into insight.return_line (distributor_id, business_date, id, sku_id, reason, principal_id, outlet_id, beat_id, channel, outlet_class, number, value, qty, version)
            select i.distributor_id, i.business_date, i.id, l.sku_id, coalesce(\s""" + REASON + ", ''), i.principal_id, i.outlet_id, " + PLACE + """
            , i.number, sum(l.gross - l.scheme_discount - l.manual_discount), sum(l.qty), :v
              from\s""" + NEW_SALES + LINES + """

              join billing.invoice n on n.distributor_id = i.distributor_id and n.id = i.id""" + place("i") + """

             where i.kind = 'CREDIT_NOTE'
             group by i.distributor_id, i.business_date, i.id, l.sku_id, n.command, i.principal_id, i.outlet_id, p.beat_id, p.channel, p.outlet_class, i.number
            on conflict do nothing""";
    /// A financial credit note gives money, and neither takes goods off the sales nor tax off the books: trade spend (KPI-01, KPI-63).
    static final String ADD_NOTES = """
            insert into insight.note_line (distributor_id, business_date, id, sku_id, principal_id, outlet_id, beat_id, channel, outlet_class, number, value, version)
            select i.distributor_id, i.business_date, i.id, l.sku_id, i.principal_id, i.outlet_id,\s""" + PLACE + """
            , i.number, sum(l.gross - l.scheme_discount - l.manual_discount), :v
              from (select distinct n.distributor_id, n.id, n.business_date, n.kind, n.principal_id, n.outlet_id, n.number
                      from platform.outbox o
                      join billing.invoice n on n.distributor_id = o.distributor_id and n.id = o.document_id and n.kind = 'FINANCIAL_CREDIT_NOTE'
                     where\s""" + RANGE + " and " + NOTED + ") i" + LINES + place("i") + """

             group by i.distributor_id, i.business_date, i.id, l.sku_id, i.principal_id, i.outlet_id, p.beat_id, p.channel, p.outlet_class, i.number
            on conflict do nothing""";

    static final String CANCEL_RETURNS = """
            update insight.return_line t set cancelled = true, version = :v
              from\s""" + NEW_CANCELS + """

             where t.distributor_id = i.distributor_id and t.business_date = i.business_date and t.id = i.id""";

    /// The reason of a credit note stands in the command that made it; counter sales are delivered at once.
    static final String ADD_DOCUMENTS = """
            insert into insight.sales_document (distributor_id, id, business_date, kind, principal_id, outlet_id, number, beat_id, channel, outlet_class, order_id, delivered_on, reason, payable,
                   lines, version,\s""" + names("", List.of(SUMS)) + """
            )
            select i.distributor_id, i.id, i.business_date, i.kind, i.principal_id, i.outlet_id, i.number,\s""" + PLACE + """
            , n.order_id, case when i.kind <> 'INVOICE' then null when n.sale_type = 'COUNTER' then n.business_date else (select d.business_date from billing.delivery d where d.distributor_id = i.distributor_id and d.invoice_id = i.id) end,
                   case when i.kind = 'CREDIT_NOTE' then\s""" + REASON + """
             end, n.payable, count(*), :v,
                  \s""" + sums(List.of(SUMS)) + "\n  from " + NEW_SALES + LINES + """

              join billing.invoice n on n.distributor_id = i.distributor_id and n.id = i.id""" + place("i") + """

             group by i.distributor_id, i.id, i.business_date, i.kind, i.principal_id, i.outlet_id, i.number, p.beat_id, p.channel, p.outlet_class, n.order_id, n.sale_type, n.business_date, n.command, n.payable""";

    static final String MARK_CANCELLED = """
            update insight.sales_document t set cancelled = true, version = :v
              from\s""" + NEW_CANCELS + """

             where t.distributor_id = i.distributor_id and t.business_date = i.business_date and t.id = i.id""";

    static final String MARK_DELIVERED = """
            update insight.sales_document t set delivered_on = x.business_date, version = :v
              from (select distinct e.distributor_id, e.invoice_id, e.business_date
                      from platform.outbox o
                      join billing.delivery e on e.distributor_id = o.distributor_id and e.invoice_id = o.document_id
                     where\s""" + RANGE + """
             and o.topic = 'invoice.delivered') x
             where t.distributor_id = x.distributor_id and t.id = x.invoice_id and t.delivered_on is distinct from x.business_date""";

    /// Documents that came after the hard close of their month, with the day they count on (OFF-08).
    static final String MARK_PRIOR = """
            update insight.sales_document t set posted_on = x.posted_on, version = :v
              from (select o.distributor_id, o.document_id, min((o.payload::json ->> 'postingDate')::date) as posted_on
                      from platform.outbox o
                     where\s""" + RANGE + " and " + PRIOR + """

                     group by 1, 2) x
             where t.distributor_id = x.distributor_id and t.id = x.document_id and t.posted_on is distinct from x.posted_on""";

    private static final String NEW_RECEIPTS = """
            (select distinct g.distributor_id, g.id, g.business_date
               from platform.outbox o
               join primary_sales.goods_receipt g on g.distributor_id = o.distributor_id and g.id = o.document_id
              where\s""" + RANGE + " and " + RECEIVED + """

                and not exists (select 1 from insight.primary_document k where k.distributor_id = g.distributor_id and k.id = g.id)) g""";

    static final String ADD_PRIMARY = """
            insert into insight.primary_daily as t (distributor_id, business_date, sku_id, principal_id, lines, value, billed_qty, free_qty, short_qty, version)
            select g.distributor_id, g.business_date, l.sku_id, l.principal_id, count(*), sum(l.taxable), sum(l.billed_qty), sum(l.free_qty), sum(l.short_qty), :v
              from\s""" + NEW_RECEIPTS + """

              join primary_sales.goods_receipt_line l on l.distributor_id = g.distributor_id and l.business_date = g.business_date and l.goods_receipt_id = g.id
             group by g.distributor_id, g.business_date, l.sku_id, l.principal_id
            on conflict (distributor_id, business_date, sku_id, source) do update set version = excluded.version,
                   lines = t.lines + excluded.lines, value = t.value + excluded.value, billed_qty = t.billed_qty + excluded.billed_qty, free_qty = t.free_qty + excluded.free_qty,
                   short_qty = t.short_qty + excluded.short_qty""";

    static final String ADD_RECEIPTS = """
            insert into insight.primary_document (distributor_id, id, business_date)
            select g.distributor_id, g.id, g.business_date from\s""" + NEW_RECEIPTS;

    /// What a ledger entry adds to a day of stock, each entry at its cost to the cent: so that what is added bill by bill is what the
    /// ledger comes to as a whole.
    private static final String STOCK_SUMS = """
            coalesce(sum(e.qty) filter (where e.bucket in ('SALEABLE', 'RESERVED')), 0),
                   coalesce(sum(round(e.qty * e.unit_cost, 2)) filter (where e.bucket in ('SALEABLE', 'RESERVED')), 0),
                   coalesce(-sum(round(e.qty * e.unit_cost, 2)) filter (where e.bucket in ('SALEABLE', 'RESERVED') and e.document_type like 'INVOICE%'), 0), :v
            """;
    private static final String STOCK_DAY = """
            insert into insight.stock_daily as t (distributor_id, business_date, sku_id, principal_id, qty, value, issued_cost, version)
            select e.distributor_id, e.business_date, e.sku_id, e.principal_id,
                  \s""" + STOCK_SUMS;
    private static final String STOCK_BY_DAY = """

             group by e.distributor_id, e.business_date, e.sku_id, e.principal_id
            having count(*) filter (where e.bucket in ('SALEABLE', 'RESERVED')) > 0
            on conflict (distributor_id, business_date, sku_id, source) do update set version = excluded.version,\s""";

    /// What the bills and credit notes of the range moved is added to their days. Comes before they are facts, which says that they are.
    static final String ADD_STOCK = STOCK_DAY + "  from " + NEW_SALES + """

              join stock.entry e on e.distributor_id = i.distributor_id and e.business_date = i.business_date and e.document_id = i.id""" + STOCK_BY_DAY
            + "qty = t.qty + excluded.qty, value = t.value + excluded.value, issued_cost = t.issued_cost + excluded.issued_cost";

    /// Bills and credit notes that are in the ledger already and will be facts with a later range.
    private static final String NOT_YET = """
             and not exists (select 1 from platform.outbox o where o.distributor_id = :d and o.seq > :to and o.document_id = e.document_id and o.topic in ('invoice.posted', 'credit-note.posted')
                               and not exists (select 1 from insight.sales_document k where k.distributor_id = :d and k.id = o.document_id))""";

    /// The days of events, and those of the cancellations that events tell of.
    private static String days(String range, String topics) {
        return """
             e.business_date = any (array(select o.business_date from platform.outbox o where\s""" + range + " and " + topics + """

                union select c.business_date from platform.outbox o join billing.invoice_cancellation c on c.distributor_id = o.distributor_id and (c.id = o.document_id or c.invoice_id = o.document_id) where\s""" + range + " and " + CANCELLED + "))";
    }

    private static final String AFTER = "o.distributor_id = :d and o.seq > :from ";

    private static String stockDays(String range, String topics) {
        return STOCK_DAY + """
              from stock.entry e
             where e.distributor_id = :d and\s""" + days(range, topics) + NOT_YET + STOCK_BY_DAY + """
            qty = excluded.qty, value = excluded.value, issued_cost = excluded.issued_cost
             where (t.qty, t.value, t.issued_cost) is distinct from (excluded.qty, excluded.value, excluded.issued_cost)""";
    }

    /// Days on which other things moved stock are summed again from the ledger: what is told twice changes nothing.
    static final String STOCK_DAYS = stockDays(RANGE, MOVING);
    /// All days with news from here on, whatever the news is.
    static final String ALL_STOCK_DAYS = stockDays(AFTER, "o.topic not like 'order.%'");

    /// Months of SKUs with news are added up again from their days.
    static final String STOCK_MONTHS = """
            insert into insight.stock_month as t (distributor_id, business_date, sku_id, source, principal_id, qty, value, issued_cost, version)
            select s.distributor_id, date_trunc('month', s.business_date)::date, s.sku_id, s.source, s.principal_id, sum(s.qty), sum(s.value), sum(s.issued_cost), :v
              from insight.stock_daily s
              join (select distinct date_trunc('month', x.business_date)::date as month, x.sku_id, x.source from insight.stock_daily x where x.distributor_id = :d and x.version = :v) m
                on s.business_date >= m.month and s.business_date < (m.month + interval '1 month')::date and s.sku_id = m.sku_id and s.source = m.source
             where s.distributor_id = :d
             group by 1, 2, 3, 4, 5
            on conflict (distributor_id, business_date, sku_id, source) do update set version = excluded.version, qty = excluded.qty, value = excluded.value, issued_cost = excluded.issued_cost
             where (t.qty, t.value, t.issued_cost) is distinct from (excluded.qty, excluded.value, excluded.issued_cost)""";

    /// What outlets owe: their account and the money on account, which is taken off (KPI-50). `entries` are rows of the journal as `e`.
    private static String receivables(String entries, String update) {
        return """
            insert into insight.receivable_daily as t (distributor_id, business_date, outlet_id, principal_id, beat_id, channel, outlet_class, charged, credited, collected, version)
            select j.distributor_id, j.business_date, j.outlet_id, j.principal_id,\s""" + PLACE + """
            , j.charged, j.credited, j.collected, :v
              from (select e.distributor_id, e.business_date, e.outlet_id, e.principal_id,
                           coalesce(sum(e.amount) filter (where e.document_type in ('INVOICE', 'DEBIT_NOTE', 'INVOICE_CANCELLATION')), 0) as charged,
                           coalesce(sum(-e.amount) filter (where e.document_type not in ('INVOICE', 'DEBIT_NOTE', 'INVOICE_CANCELLATION', 'COLLECTION')), 0) as credited,
                           coalesce(sum(-e.amount) filter (where e.document_type = 'COLLECTION'), 0) as collected
                      from\s""" + entries + """
                       and e.account in ('1200', '2210') and e.outlet_id is not null
                     group by e.distributor_id, e.business_date, e.outlet_id, e.principal_id) j""" + place("j") + """

             where true
            on conflict (distributor_id, business_date, outlet_id, principal_id, source) do update set version = excluded.version,\s""" + update;
    }

    /// What the bills and credit notes of the range put on accounts is added to their days, before they are facts.
    static final String ADD_RECEIVABLES = receivables(NEW_SALES + " join receivables.journal_entry e on e.distributor_id = i.distributor_id and e.business_date = i.business_date and e.document_id = i.id\n where true\n",
            "charged = t.charged + excluded.charged, credited = t.credited + excluded.credited, collected = t.collected + excluded.collected");

    private static String receivableDays(String range, String topics) {
        return receivables("receivables.journal_entry e\n where e.distributor_id = :d and " + days(range, topics) + NOT_YET + "\n", """
            charged = excluded.charged, credited = excluded.credited, collected = excluded.collected
             where (t.charged, t.credited, t.collected) is distinct from (excluded.charged, excluded.credited, excluded.collected)""");
    }

    /// Days on which other things moved accounts are summed again from the journal.
    static final String RECEIVABLE_DAYS = receivableDays(RANGE, BOOKING);
    static final String ALL_RECEIVABLE_DAYS = receivableDays(AFTER, "o.topic not like 'order.%'");

    /// Orders that the range touches, themselves or by their bills, are stated again. What was delivered of a SKU fills the
    /// lines of the order one after the other.
    static final String ORDER_LINES = """
            insert into insight.order_line as t (distributor_id, business_date, id, line, principal_id, outlet_id, beat_id, channel, outlet_class, sku_id, ordered_qty, delivered_qty, rate,
                   promise_on, delivered_on, state, reason, version)
            select x.distributor_id, x.business_date, x.id, x.line, x.principal_id, x.outlet_id,\s""" + PLACE + """
            , x.sku_id, x.qty, x.delivered, x.rate, x.business_date + :promise::int, x.delivered_on,
                   case when x.status = 'CANCELLED' and upper(coalesce(x.cancel_reason, '')) like 'CUSTOMER%' then 'CANCELLED_CUSTOMER' when x.status = 'CANCELLED' then 'CANCELLED_SUPPLIER'
                        when x.delivered >= x.qty then 'DELIVERED' else 'OPEN' end,
                   case when x.delivered >= x.qty then null when x.status = 'CANCELLED' then coalesce(nullif(x.cancel_reason, ''), 'CANCELLED') when x.hold_reason is not null then x.hold_reason
                        when x.billed > 0 or x.status = 'INVOICED' then 'SHORT' else 'WAITING' end, :v
              from (select s.distributor_id, s.business_date, s.id, l.line, s.principal_id, s.outlet_id, l.sku_id, l.qty, l.rate, s.status, s.hold_reason, f.billed,
                           case when f.delivered is null then 0 else greatest(0, least(l.qty, f.delivered - coalesce(sum(l.qty) over (partition by s.id, l.sku_id order by l.line rows between unbounded preceding and 1 preceding), 0))) end as delivered,
                           f.delivered_on, c.reason as cancel_reason
                      from (select distinct coalesce(i.order_id, o.document_id) as id
                              from platform.outbox o
                              left join billing.invoice_cancellation k on k.distributor_id = o.distributor_id and k.id = o.document_id
                              left join billing.invoice i on i.distributor_id = o.distributor_id and i.id = coalesce(k.invoice_id, o.document_id)
                             where\s""" + RANGE + " and (" + ORDERED + """
            )) touched
                      join orders.sales_order s on s.distributor_id = :d and s.id = touched.id
                      join orders.sales_order_line l on l.distributor_id = s.distributor_id and l.order_id = s.id
                      left join (select e.order_id, min(e.reason) as reason from orders.order_event e where e.distributor_id = :d and e.status = 'CANCELLED' group by e.order_id) c on c.order_id = s.id
                      left join lateral (select sum(b.qty) as billed, sum(b.qty) filter (where n.delivered_on is not null) as delivered, max(n.delivered_on) as delivered_on
                              from insight.sales_document n
                              join billing.invoice_line b on b.distributor_id = n.distributor_id and b.business_date = n.business_date and b.invoice_id = n.id and b.sku_id = l.sku_id
                             where n.distributor_id = s.distributor_id and n.order_id = s.id and not n.cancelled and n.kind = 'INVOICE') f on true) x""" + place("x") + """

             where true
            on conflict (distributor_id, business_date, id, line) do update set version = excluded.version, delivered_qty = excluded.delivered_qty, delivered_on = excluded.delivered_on,
                   state = excluded.state, reason = excluded.reason
             where (t.delivered_qty, t.delivered_on, t.state, t.reason) is distinct from (excluded.delivered_qty, excluded.delivered_on, excluded.state, excluded.reason)""";

    // ---- where outlets stand, by date

    /// Outlets whose place of today is not the one last known.
    private static final String MOVED = """
            (select o.distributor_id, o.id, o.platform_outlet_id, o.beat_id, o.channel, o.outlet_class, o.status, o.name, (o.created_at at time zone d.time_zone)::date as since,
                    case when p.outlet_id is null then date '0001-01-01' else greatest((o.changed_at at time zone d.time_zone)::date, p.from_on) end as from_on, p.from_on as before
               from network.outlet o
               join network.distributor d on d.id = o.distributor_id
               left join insight.outlet_place p on p.distributor_id = o.distributor_id and p.outlet_id = o.id and p.to_on is null
              where o.distributor_id = :d and (p.outlet_id is null
                 or (p.platform_outlet_id, p.beat_id, p.channel, p.outlet_class, p.status, p.name) is distinct from (o.platform_outlet_id, o.beat_id, o.channel, o.outlet_class, o.status, o.name)))""";

    static final String END_PLACES = "update insight.outlet_place t set to_on = m.from_on, version = :v from " + MOVED + """
             m
             where t.distributor_id = m.distributor_id and t.outlet_id = m.id and t.from_on = m.before and m.from_on > m.before""";

    /// The place that an outlet has from now on. It is stated again when an outlet moves twice in a day.
    static final String NEW_PLACES = """
            insert into insight.outlet_place (distributor_id, outlet_id, from_on, since, platform_outlet_id, beat_id, channel, outlet_class, status, name, version)
            select o.distributor_id, o.id, case when l.from_on is null then date '0001-01-01' else greatest((o.changed_at at time zone d.time_zone)::date, l.from_on) end,
                   (o.created_at at time zone d.time_zone)::date, o.platform_outlet_id, o.beat_id, o.channel, o.outlet_class, o.status, o.name, :v
              from network.outlet o
              join network.distributor d on d.id = o.distributor_id
              left join (select p.distributor_id, p.outlet_id, max(p.from_on) as from_on from insight.outlet_place p where p.distributor_id = :d group by 1, 2) l on l.distributor_id = o.distributor_id and l.outlet_id = o.id
              left join insight.outlet_place c on c.distributor_id = o.distributor_id and c.outlet_id = o.id and c.to_on is null
             where o.distributor_id = :d and (c.outlet_id is null
                or (c.platform_outlet_id, c.beat_id, c.channel, c.outlet_class, c.status, c.name) is distinct from (o.platform_outlet_id, o.beat_id, o.channel, o.outlet_class, o.status, o.name))
            on conflict (distributor_id, outlet_id, from_on) do update set to_on = null, platform_outlet_id = excluded.platform_outlet_id, beat_id = excluded.beat_id, channel = excluded.channel,
                   outlet_class = excluded.outlet_class, status = excluded.status, name = excluded.name, version = excluded.version""";

    static final String ANY_MOVED = "select exists (select 1 from " + MOVED + " m)";

    /// Distributors with outlets that moved.
    static final String MOVED_ANYWHERE = """
            /* network: keeps where outlets stand by date */
            select distinct o.distributor_id
               from network.outlet o
               left join insight.outlet_place p on p.distributor_id = o.distributor_id and p.outlet_id = o.id and p.to_on is null
              where p.outlet_id is null
                 or (p.platform_outlet_id, p.beat_id, p.channel, p.outlet_class, p.status, p.name) is distinct from (o.platform_outlet_id, o.beat_id, o.channel, o.outlet_class, o.status, o.name)
              order by 1""";

    /// Facts of the day of a move and later go with it.
    static List<String> follow() {
        return List.of("sales_daily", "sales_document", "scheme_use", "return_line", "note_line", "order_line", "receivable_daily", "visit").stream().map(table -> "update insight." + table + " t " + """
                set beat_id = p.beat_id, channel = p.channel, outlet_class = p.outlet_class, version = :v
                  from insight.outlet_place p
                 where p.distributor_id = :d and p.version = :v and p.to_on is null and t.distributor_id = p.distributor_id and t.outlet_id = p.outlet_id and t.business_date >= p.from_on
                   and (t.beat_id, t.channel, t.outlet_class) is distinct from (p.beat_id, p.channel, p.outlet_class)""").toList();
    }

    // ---- facts from files, of documents whose ids stand in :ids

    private static final String FILED = """
            (select k.distributor_id, k.id, k.business_date, k.kind, k.principal_id, k.outlet_id
               from insight.sales_document k
              where k.distributor_id = :d and k.source = 'FILE' and not k.cancelled and k.id = any (:ids)) i""";
    private static final String FILE_LINES = """

              join insight.file_line l on l.distributor_id = i.distributor_id and l.business_date = i.business_date and l.document_id = i.id""";

    private static String filed(String sql) {
        return sql.replace("l.manual_discount <= l.gross * 0.005", "l.priced");
    }

    static final String FILE_ADD_DAILY = filed(addDaily("FILE", FILED, FILE_LINES));
    static final String FILE_ADD_MONTHLY = filed(addMonthly("FILE", FILED, FILE_LINES));
    static final String FILE_TAKE_DAILY = filed(takeDaily("FILE", FILED, FILE_LINES));
    static final String FILE_TAKE_MONTHLY = filed(takeMonthly("FILE", FILED, FILE_LINES));
    /// The worst quality of the documents that a day's row holds.
    static final String FILE_QUALITY = """
            update insight.sales_daily t set quality = x.quality
              from (select i.distributor_id, i.business_date, i.outlet_id, l.sku_id, case when bool_or(i.quality = 'SUSPECT') then 'SUSPECT' when bool_or(i.quality = 'ESTIMATED') then 'ESTIMATED' else 'OK' end as quality
                      from insight.sales_document i
                      join insight.file_line l on l.distributor_id = i.distributor_id and l.business_date = i.business_date and l.document_id = i.id
                     where i.distributor_id = :d and i.source = 'FILE' and not i.cancelled and i.business_date = any (array(select k.business_date from insight.sales_document k where k.distributor_id = :d and k.id = any (:ids)))
                     group by 1, 2, 3, 4) x
             where t.distributor_id = x.distributor_id and t.business_date = x.business_date and t.outlet_id = x.outlet_id and t.sku_id = x.sku_id and t.source = 'FILE' and t.quality <> x.quality""";

    /// The sums of a document from its lines.
    static final String FILE_DOCUMENT_SUMS = """
            update insight.sales_document t set version = :v, lines = x.lines,\s""" + SUMS.stream().map(sum -> sum.name + " = x." + sum.name).collect(java.util.stream.Collectors.joining(", ")) + """

              from (select i.distributor_id, i.business_date, i.id, count(*) as lines,\s""" + sums(List.of(SUMS)) + """

                      from insight.sales_document i
                      join insight.file_line l on l.distributor_id = i.distributor_id and l.business_date = i.business_date and l.document_id = i.id
                     where i.distributor_id = :d and i.id = any (:ids)
                     group by i.distributor_id, i.business_date, i.id) x
             where t.distributor_id = x.distributor_id and t.business_date = x.business_date and t.id = x.id""";
}
