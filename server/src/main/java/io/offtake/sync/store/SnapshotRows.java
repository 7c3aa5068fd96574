package io.offtake.sync.store;

import io.offtake.billing.MustSell;
import io.offtake.network.States;
import io.offtake.rules.RuleBook;
import io.offtake.tax.TaxPack;
import io.offtake.tax.TaxPacks;
import io.offtake.platform.Fingerprint;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Currency;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The rows of a snapshot, made into JSON by PostgreSQL itself: decimals as text, nothing that a device may not see.
public final class SnapshotRows {
    private static final String STATES = Fingerprint.json(States.names());
    /// Decimals by currency.
    private static final String SCALES = Fingerprint.json(Currency.getAvailableCurrencies().stream()
            .collect(Collectors.toMap(Currency::getCurrencyCode, currency -> Math.max(0, currency.getDefaultFractionDigits()), (one, _) -> one, TreeMap::new)));
    /// How a bill's parts are called, by regime and the seller's registration.
    private static final String PAPERS = Fingerprint.json(papers("INVOICE"));
    private static final String NOTE_PAPERS = Fingerprint.json(papers("CREDIT_NOTE"));

    private static Map<String, TaxPack.Paper> papers(String kind) {
        var papers = new TreeMap<String, TaxPack.Paper>();
        for (var regime : TaxPacks.regimes())
            for (var registration : RuleBook.Registration.values()) papers.put(regime + "/" + registration, TaxPacks.of(regime).paper(kind, registration.name(), true));
        return papers;
    }

    private final Connection connection;
    private final long distributorId;
    private final LocalDate today;

    public SnapshotRows(Connection connection, long distributorId, LocalDate today) {
        this.connection = connection;
        this.distributorId = distributorId;
        this.today = today;
    }

    /// Takes one row as JSON text.
    @FunctionalInterface
    public interface Sink {
        void row(String type, String json) throws SQLException;
    }

    private void each(String type, Sink sink, String sql, Object... args) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(2_000);
            for (int at = 0; at < args.length; at++) statement.setObject(at + 1, args[at]);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) sink.row(type, rows.getString(1));
            }
        }
    }

    /// How far the change feed of the distributor had come.
    public String cursor() throws SQLException {
        try (var statement = connection.prepareStatement("select coalesce(max(seq), 0)::text from platform.outbox where distributor_id = ?")) {
            statement.setLong(1, distributorId);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    /// The distributor, its warehouses, principals and series.
    ///
    /// @param territories codes of where the distributor lies, for schemes that ask
    /// @param policy the policy table OFF-18, and `offlineIssue` what may be issued without a network, both as JSON
    public void context(Sink sink, int fiscalYear, String policy, String offlineIssue, String territories) throws SQLException {
        each("context", sink, """
                select json_build_object(
                  'distributor', json_build_object('id', d.id, 'code', d.code, 'name', d.name, 'legalName', d.legal_name, 'address', d.address, 'city', d.city, 'pin', d.pin,
                                                   'stateCode', d.state_code, 'stateName', ?::json ->> d.state_code, 'gstin', d.gstin, 'registration', d.registration, 'phone', d.phone, 'fssai', d.fssai,
                                                   'upiId', d.upi_id, 'upiName', d.legal_name, 'bank', d.bank),
                  'warehouses', (select coalesce(json_agg(json_build_object('id', w.id, 'code', w.code, 'name', w.name) order by w.code), '[]')
                                   from network.warehouse w where w.distributor_id = ? and w.status = 'ACTIVE'),
                  'principals', (select coalesce(json_agg(json_build_object('id', p.id, 'code', p.code, 'name', p.name, 'gstin', p.gstin) order by p.code), '[]')
                                   from network.distributor_principal l join network.principal p on p.id = l.principal_id
                                  where l.distributor_id = ? and l.valid_from <= ? and (l.valid_to is null or l.valid_to >= ?)),
                  'businessDate', ?::date, 'zone', d.time_zone, 'currency', json_build_object('code', d.currency, 'scale', coalesce((?::json ->> d.currency)::integer, 2)),
                  'paper', ?::json -> (d.tax_regime || '/' || d.registration), 'notePaper', ?::json -> (d.tax_regime || '/' || d.registration),
                  'series', (select coalesce(json_agg(json_build_object('type', s.document_type, 'series', s.series, 'next', s.next_number) order by s.document_type, s.series), '[]')
                               from platform.number_sequence s where s.distributor_id = ? and s.fiscal_year = ? and not s.closed and s.device_id is null),
                  'policy', ?::json, 'offlineIssue', ?::json, 'territories', ?::json)::text
                  from network.distributor d where d.id = ?""",
                STATES, distributorId, distributorId, today, today, today, SCALES, PAPERS, NOTE_PAPERS, distributorId, fiscalYear, policy, offlineIssue, territories, distributorId);
    }

    /// SKUs of the distributor's principals; `rank` says how well each sells here, in steps, so that a bill more does not send the SKU again.
    public void skus(Sink sink) throws SQLException {
        each("sku", sink, """
                select json_build_object('id', s.id, 'code', s.code, 'name', s.name, 'nameLocal', s.name_local, 'principalId', s.principal_id, 'principalCode', p.code, 'brand', b.name,
                         'category', c.name, 'hsn', s.hsn,
                         'gstPercent', (select trim_scale(r.rate * 100)::text from tax.tax_rate r
                                         where r.regime = d.tax_regime and s.hsn like r.hsn_prefix || '%' and r.valid_from <= ? and (r.valid_to is null or r.valid_to >= ?)
                                         order by length(r.hsn_prefix) desc, r.valid_from desc limit 1),
                         'mrp', s.mrp::text,
                         'ptr', (select trim_scale(l.price)::text from pricing.price_list_line l join pricing.price_list k on k.id = l.price_list_id
                                  where l.sku_id = s.id and l.mrp = 0 and k.level = 7 and k.status = 'PUBLISHED' and k.valid_from <= ? and (k.valid_to is null or k.valid_to >= ?)
                                  order by k.valid_from desc, k.version_no desc limit 1),
                         'baseUnit', s.base_unit,
                         'units', (select coalesce(json_agg(json_build_object('code', u.unit, 'name', u.name,
                                                    'perBase', case when u.denominator = 1 then u.numerator::text else trim_scale(u.numerator::numeric / u.denominator)::text end)
                                                    order by u.numerator desc), '[]') from catalog.sku_unit u where u.sku_id = s.id),
                         'gtins', (select coalesce(json_agg(g.gtin order by g.gtin), '[]') from catalog.sku_barcode g where g.sku_id = s.id),
                         'aliases', case when s.aliases = '' then '[]'::json else to_json(string_to_array(s.aliases, ';')) end,
                         'expiryTracked', s.expiry_tracked, 'mustStock', s.must_stock, 'rank', coalesce(floor(4 * log(2, v.bills + 1)), 0))::text
                  from catalog.sku s
                  join network.distributor_principal dp on dp.distributor_id = ? and dp.principal_id = s.principal_id
                  join network.distributor d on d.id = dp.distributor_id
                  join network.principal p on p.id = s.principal_id
                  join catalog.brand b on b.id = s.brand_id
                  join catalog.category c on c.id = s.category_id
                  left join (select sku_id, count(*) as bills from billing.invoice_line
                              where distributor_id = ? and business_date > ?::date - 90 and kind = 'BILLED' group by sku_id) v on v.sku_id = s.id
                 where s.status <> 'DISCONTINUED'
                 order by s.id""", today, today, today, today, distributorId, distributorId, today);
    }

    /// Outlets with their standing.
    ///
    /// @param firstOrder whether a scheme of the book asks for it: `billed`, the principals who have billed the outlet
    /// @param mustSell   whether a scheme asks for it: `msl`, by principal with a list the SKUs the outlet lacks of it
    public void outlets(Sink sink, boolean firstOrder, boolean mustSell) throws SQLException {
        var args = new java.util.ArrayList<Object>(java.util.List.of(STATES, today, distributorId, distributorId));
        if (firstOrder) args.add(distributorId);
        if (mustSell) args.addAll(java.util.List.of(today, today, distributorId, today, today, distributorId));
        args.add(distributorId);
        each("outlet", sink, """
                select json_build_object('id', o.id, 'code', o.code, 'name', o.name, 'nameLocal', o.name_local, 'channel', o.channel, 'class', o.outlet_class, 'group', o.outlet_group,
                         'gstin', o.gstin, 'registration', o.registration, 'parentId', o.parent_outlet_id, 'stateCode', o.state_code, 'stateName', ?::json ->> o.state_code, 'address', o.address, 'city', o.city, 'pin', o.pin, 'phone', o.phone,
                         'beat', b.name, 'beatCode', b.code, 'salesman', b.salesman, 'status', o.status, 'version', o.version,
                         'credit', coalesce(a.credit, '[]'::json)""" + (firstOrder ? ", 'billed', coalesce(f.billed, '[]'::json)" : "") + (mustSell ? ", 'msl', coalesce(k.msl, '[]'::json)" : "") + """
                         )::text
                  from network.outlet o
                  left join network.beat b on b.distributor_id = o.distributor_id and b.id = o.beat_id
                  left join (select a.outlet_id, json_agg(json_build_object('principalId', a.principal_id, 'limit', a.credit_limit::text, 'days', a.credit_days,
                                    'outstanding', a.balance::text, 'overdue', coalesce(i.overdue, 0)::text, 'oldestDueOn', i.oldest) order by a.principal_id) as credit
                               from receivables.outlet_account a
                               left join (select outlet_id, principal_id, sum(open_amount) filter (where due_on < ?::date) as overdue, min(due_on) as oldest
                                            from receivables.open_item where distributor_id = ? and open_amount > 0 and kind in ('INVOICE', 'DEBIT_NOTE', 'OPENING')
                                           group by outlet_id, principal_id) i on i.outlet_id = a.outlet_id and i.principal_id = a.principal_id
                              where a.distributor_id = ? group by a.outlet_id) a on a.outlet_id = o.id
                 \s""" + (firstOrder ? """
                  left join (select outlet_id, json_agg(principal_id order by principal_id) as billed
                               from (select distinct outlet_id, principal_id from billing.invoice where distributor_id = ? and kind = 'INVOICE') f group by outlet_id) f on f.outlet_id = o.id
                 \s""" : "") + (mustSell ? """
                  left join (select outlet_id, json_agg(json_build_object('principalId', principal_id, 'missing', to_json(missing)) order by principal_id) as msl
                               from (""" + MustSell.sql(false) + ") k group by outlet_id) k on k.outlet_id = o.id" : "") + """

                 where o.distributor_id = ? and o.status not in ('CLOSED', 'REJECTED')
                 order by o.id""", args.toArray());
    }

    /// Stock by batch.
    public void batches(Sink sink) throws SQLException {
        each("batch", sink, """
                select json_build_object('id', s.batch_id, 'skuId', s.sku_id, 'warehouseId', s.warehouse_id, 'batchNo', s.batch_no, 'mrp', s.mrp::text, 'mfgOn', b.mfg_on,
                         'expiresOn', s.expires_on, 'receivedOn', s.received_on, 'cost', trim_scale(s.unit_cost)::text, 'saleable', trim_scale(s.saleable)::text,
                         'reserved', trim_scale(s.reserved)::text, 'damaged', trim_scale(s.damaged)::text, 'expired', trim_scale(s.expired)::text,
                         'quarantine', trim_scale(s.quarantine)::text)::text
                  from (select batch_id, sku_id, warehouse_id, min(batch_no) as batch_no, min(mrp) as mrp, min(expires_on) as expires_on, min(received_on) as received_on,
                               min(unit_cost) as unit_cost,
                               coalesce(sum(qty) filter (where bucket = 'SALEABLE'), 0) as saleable, coalesce(sum(qty) filter (where bucket = 'RESERVED'), 0) as reserved,
                               coalesce(sum(qty) filter (where bucket = 'DAMAGED'), 0) as damaged, coalesce(sum(qty) filter (where bucket = 'EXPIRED'), 0) as expired,
                               coalesce(sum(qty) filter (where bucket = 'QUARANTINE'), 0) as quarantine
                          from stock.balance
                         where distributor_id = ? and qty > 0 and bucket in ('SALEABLE', 'RESERVED', 'DAMAGED', 'EXPIRED', 'QUARANTINE')
                         group by batch_id, sku_id, warehouse_id) s
                  join catalog.batch b on b.distributor_id = ? and b.id = s.batch_id
                 order by s.sku_id, s.batch_id, s.warehouse_id""", distributorId, distributorId);
    }

    /// Orders that are not billed yet.
    public void orders(Sink sink) throws SQLException {
        each("order", sink, """
                select json_build_object('id', o.id, 'number', o.number, 'outletId', o.outlet_id, 'principalId', o.principal_id, 'businessDate', o.business_date, 'status', o.status,
                         'holdReason', o.hold_reason, 'total', o.indicative::text, 'orderSource', o.source, 'choices', o.choices,
                         'lines', (select coalesce(json_agg(json_build_object('line', l.line, 'skuId', l.sku_id, 'qty', trim_scale(l.qty)::text,
                                                     'allocated', trim_scale(coalesce(a.qty, 0))::text, 'rate', trim_scale(l.rate)::text) order by l.line), '[]')
                                     from orders.sales_order_line l
                                     left join (select order_id, line, sum(qty) as qty from orders.batch_allocation where distributor_id = ? group by order_id, line) a
                                       on a.order_id = l.order_id and a.line = l.line
                                    where l.distributor_id = ? and l.order_id = o.id))::text
                  from orders.sales_order o
                 where o.distributor_id = ? and o.status in ('BOOKED', 'ON_HOLD', 'ALLOCATED', 'PART_ALLOCATED')
                 order by o.id""", distributorId, distributorId, distributorId);
    }

    /// Unpaid bills.
    public void bills(Sink sink) throws SQLException {
        each("bill", sink, """
                select json_build_object('invoiceId', i.document_id, 'outletId', i.outlet_id, 'principalId', i.principal_id, 'number', i.number, 'businessDate', i.business_date,
                         'dueOn', i.due_on, 'amount', i.amount::text, 'open', i.open_amount::text, 'cashTerms',
                         case when i.cash_terms is not null then (select json_agg(json_build_object('payBy', term ->> 'payBy', 'percent', trim_scale((term ->> 'percent')::numeric * 100)::text))
                                                                    from json_array_elements(i.cash_terms::json -> 'terms') term) end)::text
                  from receivables.open_item i
                 where i.distributor_id = ? and i.open_amount > 0 and i.kind in ('INVOICE', 'DEBIT_NOTE', 'OPENING')
                 order by i.due_on, i.document_id""", distributorId);
    }

    /// What each outlet bought on its last three bills of the last half year.
    public void recent(Sink sink) throws SQLException {
        each("recent", sink, """
                select json_build_object('outletId', l.outlet_id, 'skuId', l.sku_id, 'on', l.business_date, 'qty', trim_scale(l.qty)::text, 'rate', trim_scale(l.unit_price)::text,
                         'discountPercent', case when l.gross > 0 then round((l.scheme_discount + l.manual_discount) * 100 / l.gross, 2)::text end, 'invoiceNumber', i.number)::text
                  from (select id, number, business_date, row_number() over (partition by outlet_id order by business_date desc, id desc) as nth
                          from billing.invoice where distributor_id = ? and kind = 'INVOICE' and business_date > ?::date - 183) i
                  join billing.invoice_line l on l.distributor_id = ? and l.business_date = i.business_date and l.invoice_id = i.id
                 where i.nth <= 3 and l.kind = 'BILLED'
                 order by i.id, l.line, l.part""", distributorId, today, distributorId);
    }

    /// The bills that a counter is most likely to reprint or to credit: the newest of the last 30 days.
    public java.util.List<java.util.UUID> papers(int most) throws SQLException {
        try (var statement = connection.prepareStatement("""
                select i.id from billing.invoice i
                 where i.distributor_id = ? and i.kind = 'INVOICE' and i.business_date > ?::date - 30
                   and not exists (select 1 from billing.invoice_cancellation c where c.distributor_id = i.distributor_id and c.invoice_id = i.id)
                 order by i.recorded_at desc limit ?""")) {
            statement.setLong(1, distributorId);
            statement.setObject(2, today);
            statement.setInt(3, most);
            var found = new java.util.ArrayList<java.util.UUID>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) found.add(rows.getObject(1, java.util.UUID.class));
            }
            return found;
        }
    }

    /// What of these bills came back or is on its way back, as JSON: `[{line, part, qty}]` by bill; bills that nothing came back of are not in it.
    public Map<java.util.UUID, String> returned(java.util.List<java.util.UUID> bills) throws SQLException {
        var found = new java.util.HashMap<java.util.UUID, String>();
        try (var statement = connection.prepareStatement("""
                select invoice_id, json_agg(json_build_object('line', line, 'part', part, 'qty', trim_scale(held + credited)::text) order by line, part)::text
                  from billing.line_return where distributor_id = ? and invoice_id = any (?) and held + credited > 0 group by invoice_id""")) {
            statement.setLong(1, distributorId);
            statement.setArray(2, connection.createArrayOf("uuid", bills.toArray()));
            try (var rows = statement.executeQuery()) {
                while (rows.next()) found.put(rows.getObject(1, java.util.UUID.class), rows.getString(2));
            }
        }
        return found;
    }

    /// Devices that share what is left of the distributor's limits (OFF-11).
    public int activeDevices() throws SQLException {
        try (var statement = connection.prepareStatement("select count(*) from sync.device where distributor_id = ? and state = 'ACTIVE' and secret_hash is not null and last_seen_at > ?::date - 7")) {
            statement.setLong(1, distributorId);
            statement.setObject(2, today);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    /// The day book of today and yesterday.
    public void documents(Sink sink) throws SQLException {
        each("document", sink, """
                select row from (
                  select i.recorded_at, json_build_object('id', i.id, 'type', i.kind, 'number', i.number, 'outletId', i.outlet_id, 'businessDate', i.business_date, 'postedAt', i.recorded_at,
                           'total', i.payable::text, 'mode', i.payment_mode, 'origin', i.origin,
                           'askedBy', q.requested_by, 'askedWhy', q.reason,
                           'status', case when c.invoice_id is not null then 'CANCELLED' when q.invoice_id is not null then 'CANCEL_ASKED' when i.sale_type = 'COUNTER' or d.invoice_id is not null then 'DELIVERED' else 'POSTED' end)::text as row
                    from billing.invoice i
                    left join billing.invoice_cancellation c on c.distributor_id = i.distributor_id and c.invoice_id = i.id
                    left join billing.delivery d on d.distributor_id = i.distributor_id and d.invoice_id = i.id
                    left join billing.cancellation_request q on q.distributor_id = i.distributor_id and q.invoice_id = i.id and q.status = 'ASKED'
                   where i.distributor_id = ? and i.business_date > ?::date - 2
                  union all
                  select k.recorded_at, json_build_object('id', k.id, 'type', 'COLLECTION', 'number', k.number, 'outletId', k.outlet_id, 'businessDate', k.business_date,
                           'postedAt', k.recorded_at, 'total', k.amount::text, 'mode', k.mode, 'origin', 'NATIVE', 'status', k.status)::text
                    from receivables.collection k where k.distributor_id = ? and k.business_date > ?::date - 2
                  union all
                  select g.recorded_at, json_build_object('id', g.id, 'type', 'GOODS_RECEIPT', 'number', g.number, 'outletId', null, 'businessDate', g.business_date,
                           'postedAt', g.recorded_at, 'total', g.total::text, 'mode', null, 'origin', 'NATIVE', 'status', 'POSTED')::text
                    from primary_sales.goods_receipt g where g.distributor_id = ? and g.business_date > ?::date - 2
                  union all
                  select o.recorded_at, json_build_object('id', o.id, 'type', 'ORDER', 'number', o.number, 'outletId', o.outlet_id, 'businessDate', o.business_date,
                           'postedAt', o.recorded_at, 'total', o.indicative::text, 'mode', null, 'origin', 'NATIVE', 'status', o.status)::text
                    from orders.sales_order o where o.distributor_id = ? and o.business_date > ?::date - 2) d
                 order by recorded_at, row""", distributorId, today, distributorId, today, distributorId, today, distributorId, today);
    }
}
