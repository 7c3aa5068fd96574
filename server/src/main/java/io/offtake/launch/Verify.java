package io.offtake.launch;

import io.offtake.governance.AuditTrail;
import io.offtake.platform.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/// Re-derives what is kept beside the ledgers and follows the audit chain, distributor by distributor (INV-01, INV-02,
/// INV-06). Reads with the network role, in one snapshot per distributor; the server may go on working meanwhile.
public final class Verify {

    /// One disagreement: the check that found it and what it found, in words.
    public record Finding(long distributorId, String check, String text) {}

    /// @param distributors how many were looked at
    /// @param documents    registered documents in them
    public record Report(int distributors, long documents, long stockRows, long journalRows, long auditRows, List<Finding> findings) {
        public boolean holds() {
            return findings.isEmpty();
        }
    }

    /// A check is a query on one distributor that answers the rows which should not be, each as one text. The
    /// distributor is bound once, in `who`.
    private record Check(String name, String sql) {}

    private static final List<Check> CHECKS = List.of(
            new Check("stock: movements sum to zero", """
                    select format('document %s, SKU %s, batch %s: legs sum to %s', e.document_id, e.sku_id, e.batch_id, sum(e.qty))
                      from stock.entry e, who where e.distributor_id = who.id
                     group by e.document_id, e.sku_id, e.batch_id having sum(e.qty) <> 0 limit 20"""),
            new Check("stock: balances equal the ledger", """
                    select format('warehouse %s, SKU %s, batch %s, %s: balance %s, ledger %s', warehouse_id, sku_id, batch_id, bucket, coalesce(b.qty, 0), coalesce(l.qty, 0))
                      from (select b.* from stock.balance b, who where b.distributor_id = who.id) b
                      full join (select e.warehouse_id, e.sku_id, e.batch_id, e.bucket, sum(e.qty) as qty
                                   from stock.entry e, who
                                  where e.distributor_id = who.id
                                    and e.bucket not in ('SUPPLIER', 'CUSTOMER', 'OTHER_ORG', 'SCRAP', 'GAIN_LOSS', 'SAMPLE', 'NEG_SUSPENSE')
                                  group by e.warehouse_id, e.sku_id, e.batch_id, e.bucket) l
                      using (warehouse_id, sku_id, batch_id, bucket)
                     where coalesce(b.qty, 0) <> coalesce(l.qty, 0) limit 20"""),
            new Check("money: every document balances", """
                    select format('document %s: entries sum to %s', j.document_id, sum(j.amount))
                      from receivables.journal_entry j, who where j.distributor_id = who.id
                     group by j.document_id having sum(j.amount) <> 0 limit 20"""),
            new Check("money: outlet accounts equal the ledger", """
                    select format('principal %s, outlet %s: account %s, ledger %s', principal_id, outlet_id, coalesce(a.balance, 0), coalesce(l.amount, 0))
                      from (select a.* from receivables.outlet_account a, who where a.distributor_id = who.id) a
                      full join (select j.principal_id, j.outlet_id, sum(j.amount) as amount
                                   from receivables.journal_entry j, who
                                  where j.distributor_id = who.id and j.account in ('1200', '2210')
                                  group by j.principal_id, j.outlet_id) l
                      using (principal_id, outlet_id)
                     where coalesce(a.balance, 0) <> coalesce(l.amount, 0) limit 20"""),
            new Check("money: open items equal the accounts", """
                    select format('principal %s, outlet %s: account %s, open items %s', principal_id, outlet_id, coalesce(a.balance, 0), coalesce(o.open, 0))
                      from (select a.* from receivables.outlet_account a, who where a.distributor_id = who.id) a
                      full join (select i.principal_id, i.outlet_id,
                                        sum(case when i.kind in ('CREDIT_NOTE', 'ON_ACCOUNT') then -i.open_amount else i.open_amount end) as open
                                   from receivables.open_item i, who where i.distributor_id = who.id
                                  group by i.principal_id, i.outlet_id) o
                      using (principal_id, outlet_id)
                     where coalesce(a.balance, 0) <> coalesce(o.open, 0) limit 20"""),
            new Check("schemes: limits equal their movements", """
                    select format('scheme %s, %s, outlet %s, %s: kept %s, movements %s', scheme_id, scope, outlet_id, period,
                                  array[b.granted, b.soft, b.used, b.soft_free, b.used_free, b.soft_times, b.used_times], array[m.granted, m.soft, m.used, m.soft_free, m.used_free, m.soft_times, m.used_times])
                      from (select b.* from schemes.limit_balance b, who where b.distributor_id = who.id) b
                      full join (select m.scheme_id, m.scope, case when m.scope = 'OUTLET' then m.outlet_id else '00000000-0000-0000-0000-000000000000' end as outlet_id, m.period,
                                        sum(m.granted) as granted, sum(m.soft) as soft, sum(m.used) as used, sum(m.soft_free) as soft_free, sum(m.used_free) as used_free,
                                        sum(m.soft_times)::integer as soft_times, sum(m.used_times)::integer as used_times
                                   from schemes.limit_movement m, who where m.distributor_id = who.id group by 1, 2, 3, 4) m
                      using (scheme_id, scope, outlet_id, period)
                     where (b.granted, b.soft, b.used, b.soft_free, b.used_free, b.soft_times, b.used_times)
                        is distinct from (m.granted, m.soft, m.used, m.soft_free, m.used_free, m.soft_times, m.used_times) limit 20"""),
            new Check("schemes: nobody spends more of a total than was granted", """
                    select format('scheme %s: granted %s, the network says %s', m.scheme_id, m.granted, coalesce(g.amount, 0))
                      from (select m.scheme_id, sum(m.granted) as granted from schemes.limit_movement m, who where m.distributor_id = who.id and m.granted <> 0 group by 1) m
                      left join (select g.scheme_id, sum(g.amount) as amount from schemes.budget_grant g, who
                                  where g.distributor_id = 0 and g.to_distributor_id = who.id group by 1) g on g.scheme_id = m.scheme_id
                     where m.granted > coalesce(g.amount, 0) limit 20"""),
            new Check("schemes: the pool equals its grants", """
                    select format('scheme %s: granted %s, grants %s', scheme_id, coalesce(p.granted, 0), coalesce(g.amount, 0))
                      from (select p.* from schemes.budget_pool p, who where p.distributor_id = who.id) p
                      full join (select g.scheme_id, sum(g.amount) as amount from schemes.budget_grant g, who where g.distributor_id = who.id group by 1) g using (scheme_id)
                     where coalesce(p.granted, 0) <> coalesce(g.amount, 0) limit 20"""),
            new Check("schemes: accruals equal their entries", """
                    select format('scheme %s, outlet %s, %s: kept %s, entries %s', scheme_id, outlet_id, period, array[a.counted, a.value, a.accrued, a.carry], array[e.counted, e.value, e.amount, e.carry])
                      from (select a.* from schemes.accrual a, who where a.distributor_id = who.id) a
                      full join (select e.scheme_id, e.outlet_id, e.period, e.sku_id, sum(e.counted) as counted, sum(e.value) as value, sum(e.amount) as amount, sum(e.carry) as carry
                                   from schemes.accrual_entry e, who where e.distributor_id = who.id group by 1, 2, 3, 4) e
                      using (scheme_id, outlet_id, period, sku_id)
                     where (a.counted, a.value, a.accrued, a.carry) is distinct from (e.counted, e.value, e.amount, e.carry) limit 20"""),
            new Check("claims: receivable of each scheme mirrors the principal's accrual", """
                    select format('scheme %s: 1400 and 1405 hold %s, P2400 and P2410 %s', j.scheme_id, sum(j.amount) filter (where j.account in ('1400', '1405')), sum(j.amount) filter (where j.account in ('P2400', 'P2410')))
                      from receivables.journal_entry j, who
                     where j.distributor_id = who.id and j.scheme_id is not null and j.account in ('1400', '1405', 'P2400', 'P2410')
                     group by j.scheme_id having sum(j.amount) <> 0 limit 20"""),
            new Check("claims: 1400 is what claims have filed, not cut and not settled", """
                    select format('scheme %s: 1400 holds %s, claims say %s', scheme_id, coalesce(j.amount, 0), coalesce(c.amount, 0))
                      from (select j.scheme_id, sum(j.amount) as amount from receivables.journal_entry j, who where j.distributor_id = who.id and j.account = '1400' and j.scheme_id is not null group by 1) j
                      full join (select c.scheme_id, sum(c.submitted - c.disallowed - c.settled) as amount from claims.claim c, who where c.distributor_id = who.id group by 1) c using (scheme_id)
                     where coalesce(j.amount, 0) <> coalesce(c.amount, 0) limit 20"""),
            new Check("claims: trade spend, claims and credit notes agree", """
                    select format('claim %s: filed %s, cut %s, settled %s; ledger %s, %s, %s; credit notes %s', c.number, c.submitted, c.disallowed, c.settled, coalesce(s.claimed, 0), coalesce(s.cut, 0), coalesce(s.settled, 0),
                                  coalesce(n.amount, 0))
                      from who
                      join claims.claim c on c.distributor_id = who.id
                      left join (select e.claim_id, sum(e.amount) filter (where e.stage = 'CLAIMED') as claimed, sum(e.amount) filter (where e.stage = 'DISALLOWED') as cut,
                                        sum(e.amount) filter (where e.stage = 'SETTLED') as settled from claims.spend_entry e, who where e.distributor_id = who.id group by 1) s on s.claim_id = c.id
                      left join (select k.claim_id, sum(k.amount) as amount from claims.settlement_claim k, who where k.distributor_id = who.id group by 1) n on n.claim_id = c.id
                     where (c.submitted, c.disallowed, c.settled, c.settled) is distinct from (coalesce(s.claimed, 0), coalesce(s.cut, 0), coalesce(s.settled, 0), coalesce(n.amount, 0)) limit 20"""),
            new Check("claims: credit notes equal the account with the principal", """
                    select format('settlement %s: %s and tax %s, the account says %s', s.number, s.amount, s.tax, j.amount)
                      from who
                      join claims.settlement s on s.distributor_id = who.id
                      left join (select j.document_id, sum(j.amount) as amount from receivables.journal_entry j, who where j.distributor_id = who.id and j.document_type = 'CLAIM_SETTLEMENT' and j.account = '2100' group by 1) j
                        on j.document_id = s.id
                     where s.amount + s.tax <> coalesce(j.amount, 0) limit 20"""),
            new Check("claims: nothing is claimed twice or above its bill", """
                    select format('%s %s line %s of scheme %s stands in %s claims', l.type, l.source_id, l.source_line, l.scheme_id, count(*)) from claims.claim_line l, who
                     where l.distributor_id = who.id and l.live group by l.type, l.source_id, l.source_line, l.source_part, l.scheme_id, l.source_period, l.source_sku having count(*) > 1 limit 20"""),
            new Check("returns: what is held of bills is on its way back", """
                    select format('bill %s line %s.%s: held %s, on its way %s', invoice_id, line, part, coalesce(h.held, 0), coalesce(w.qty, 0))
                      from (select h.* from billing.line_return h, who where h.distributor_id = who.id and h.held <> 0) h
                      full join (select r.original_id as invoice_id, l.original_line as line, l.original_part as part,
                                        sum(case when r.status = 'INSPECTED' then coalesce(l.received, l.qty) - coalesce(b.back, 0) else coalesce(l.received, l.qty) end) as qty
                                   from who
                                   join returns.sales_return r on r.distributor_id = who.id and r.original_id is not null and r.status in ('REQUESTED', 'APPROVED', 'RECEIVED', 'INSPECTED')
                                   join returns.return_line l on l.distributor_id = r.distributor_id and l.return_id = r.id
                                   left join (select b.distributor_id, b.return_id, b.line, sum(b.qty) as back from returns.return_bucket b where b.bucket = 'BACK' group by 1, 2, 3) b
                                     on b.distributor_id = l.distributor_id and b.return_id = l.return_id and b.line = l.line
                                  group by 1, 2, 3 having sum(case when r.status = 'INSPECTED' then coalesce(l.received, l.qty) - coalesce(b.back, 0) else coalesce(l.received, l.qty) end) <> 0) w
                      using (invoice_id, line, part)
                     where coalesce(h.held, 0) <> coalesce(w.qty, 0) limit 20"""),
            new Check("returns: no more is taken back of a benefit than was given", """
                    select format('bill %s line %s.%s, scheme %s: given %s and %s free, taken back %s and %s', r.invoice_id, r.line, r.part, r.scheme_id, b.amount, b.free_qty, r.amount, r.qty)
                      from (select r.distributor_id, r.invoice_id, r.invoice_date, r.line, r.part, r.scheme_id, sum(r.amount) as amount, sum(r.free_qty) as qty, sum(r.claim_value) as claim
                              from billing.benefit_reversal r, who where r.distributor_id = who.id group by 1, 2, 3, 4, 5, 6) r
                      left join billing.scheme_benefit b on b.distributor_id = r.distributor_id and b.business_date = r.invoice_date and b.invoice_id = r.invoice_id and b.line = r.line and b.part = r.part
                       and b.scheme_id = r.scheme_id
                     where b.invoice_id is null or r.amount > b.amount or r.qty > b.free_qty or r.claim > b.claim_value + 0.01 limit 20"""),
            new Check("numbers: every number has its fate", """
                    select format('%s %s of %s: number %s is neither posted nor cancelled', s.document_type, s.series, s.fiscal_year, n)
                      from platform.number_sequence s
                      join who on s.distributor_id = who.id
                     cross join lateral (select min(r.number) as first from platform.number_register r
                                          where r.distributor_id = s.distributor_id and r.document_type = s.document_type
                                            and r.series = s.series and r.fiscal_year = s.fiscal_year) f
                     cross join lateral generate_series(coalesce(f.first, s.next_number - 1), s.next_number - 1) n
                     where n > 0
                       and not exists (select from platform.number_register r
                                        where r.distributor_id = s.distributor_id and r.document_type = s.document_type
                                          and r.series = s.series and r.fiscal_year = s.fiscal_year and r.number = n) limit 20"""),
            new Check("numbers: each belongs to a registered document", """
                    select format('%s: document %s is not registered', r.formatted, r.document_id)
                      from platform.number_register r, who
                     where r.distributor_id = who.id and r.fate <> 'VOID'
                       and not exists (select from platform.document_register d
                                        where d.distributor_id = r.distributor_id and d.document_id = r.document_id) limit 20"""),
            new Check("numbers: no numbered document lost its number", """
                    select format('%s %s has no number', d.type, d.document_id)
                      from platform.document_register d, who
                     where d.distributor_id = who.id
                       and d.type in (select s.document_type from platform.number_sequence s where s.distributor_id = who.id)
                       and not exists (select from platform.number_register r
                                        where r.distributor_id = d.distributor_id and r.document_id = d.document_id) limit 20"""),
            new Check("feed: one event for each audited posting, without a gap", """
                    select format('event %s comes after %s', seq, before) from (
                      select o.seq, lag(o.seq) over (order by o.seq) as before
                        from platform.outbox o, who where o.distributor_id = who.id) f
                     where before >= seq limit 20"""),
            new Check("figures: every bill the feed has passed is counted once", """
                    select format('%s %s of %s: counted %s, its lines say %s', i.kind, i.number, i.business_date, coalesce(d.nsv::text, 'not'), l.nsv)
                      from who
                      join platform.feed_cursor c on c.distributor_id = who.id and c.consumer = 'insight'
                      join platform.outbox o on o.distributor_id = c.distributor_id and o.seq <= c.seq and o.topic in ('invoice.posted', 'credit-note.posted')
                      join billing.invoice i on i.distributor_id = o.distributor_id and i.id = o.document_id
                      join (select l.distributor_id, l.invoice_id, sum(l.gross - l.scheme_discount - l.manual_discount) as nsv
                              from billing.invoice_line l, who where l.distributor_id = who.id group by 1, 2) l
                        on l.distributor_id = i.distributor_id and l.invoice_id = i.id
                      left join insight.sales_document d on d.distributor_id = i.distributor_id and d.business_date = i.business_date and d.id = i.id
                     where d.nsv is distinct from case when i.kind = 'INVOICE' then l.nsv else -l.nsv end limit 20"""),
            new Check("figures: days equal their documents", """
                    select format('%s: days %s in %s lines, documents %s in %s lines', business_date, coalesce(y.nsv, 0), coalesce(y.lines, 0), coalesce(d.nsv, 0), coalesce(d.lines, 0))
                      from (select s.business_date, sum(s.nsv) as nsv, sum(s.lines) as lines from insight.sales_daily s, who where s.distributor_id = who.id group by 1) y
                      full join (select s.business_date, sum(s.nsv) as nsv, sum(s.lines) as lines
                                   from insight.sales_document s, who where s.distributor_id = who.id and not s.cancelled group by 1) d
                      using (business_date)
                     where coalesce(y.nsv, 0) <> coalesce(d.nsv, 0) or coalesce(y.lines, 0) <> coalesce(d.lines, 0) limit 20"""));

    private Verify() {}

    /// @param connection the network role's, in auto-commit mode
    public static Report run(Connection connection, Progress progress) throws SQLException {
        var findings = new ArrayList<Finding>();
        var distributors = distributors(connection);
        long documents = 0;
        long stock = 0;
        long journal = 0;
        long audit = 0;
        connection.setAutoCommit(false);
        try {
            for (int i = 0; i < distributors.size(); i++) {
                long distributor = distributors.get(i);
                progress.at("Checking distributors", i, distributors.size());
                try (var statement = connection.createStatement()) {
                    statement.execute("set transaction isolation level repeatable read read only");
                }
                for (var check : CHECKS) {
                    try (var query = connection.prepareStatement("with who as (select ?::bigint as id)\n" + check.sql)) {
                        query.setLong(1, distributor);
                        try (var rows = query.executeQuery()) {
                            while (rows.next()) findings.add(new Finding(distributor, check.name, rows.getString(1)));
                        }
                    }
                }
                documents += count(connection, "platform.document_register", distributor);
                stock += count(connection, "stock.entry", distributor);
                journal += count(connection, "receivables.journal_entry", distributor);
                audit += followChain(connection, distributor, findings);
                connection.commit();
            }
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
        progress.at("Checking distributors", distributors.size(), distributors.size());
        return new Report(distributors.size(), documents, stock, journal, audit, List.copyOf(findings));
    }

    private static List<Long> distributors(Connection connection) throws SQLException {
        var ids = new ArrayList<Long>();
        try (var statement = connection.createStatement();
             var rows = statement.executeQuery("""
                     select distributor_id from governance.audit_head union select id from network.distributor
                     union select distributor_id from platform.document_register order by 1""")) {
            while (rows.next()) ids.add(rows.getLong(1));
        }
        return ids;
    }

    private static long count(Connection connection, String table, long distributor) throws SQLException {
        try (var query = connection.prepareStatement("select count(*) from " + table + " where distributor_id = ?")) {
            query.setLong(1, distributor);
            try (var row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static long followChain(Connection connection, long distributor, List<Finding> findings) throws SQLException {
        var head = new AuditTrail.Head(0, new byte[0]);
        try (var query = connection.prepareStatement("""
                select seq, recorded_at, actor, on_behalf_of, action, document_type, document_id, business_date, details, hash
                  from governance.audit_entry where distributor_id = ? order by seq""")) {
            query.setFetchSize(2000);
            query.setLong(1, distributor);
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    var entry = new AuditTrail.Entry(distributor, rows.getObject(2, OffsetDateTime.class).toInstant(), rows.getString(3), rows.getString(4), rows.getString(5),
                            rows.getString(6), rows.getObject(7, UUID.class), rows.getObject(8, LocalDate.class), rows.getString(9));
                    var next = head.next(entry);
                    if (rows.getLong(1) != next.seq()) {
                        findings.add(new Finding(distributor, "audit chain", "entry " + next.seq() + " is missing: the next one kept is " + rows.getLong(1)));
                        return head.seq();
                    }
                    if (!Arrays.equals(next.hash(), rows.getBytes(10))) {
                        findings.add(new Finding(distributor, "audit chain", "entry " + next.seq() + " was changed, or one before it"));
                        return head.seq();
                    }
                    head = next;
                }
            }
        }
        try (var query = connection.prepareStatement("select seq, hash from governance.audit_head where distributor_id = ?")) {
            query.setLong(1, distributor);
            try (var row = query.executeQuery()) {
                if (row.next() && (row.getLong(1) != head.seq() || !Arrays.equals(row.getBytes(2), head.hash()))) {
                    findings.add(new Finding(distributor, "audit chain", "the head stands at " + row.getLong(1) + " but the entries end at " + head.seq()));
                }
            }
        }
        return head.seq();
    }
}
