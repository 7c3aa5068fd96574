package io.offtake.claims.app;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.DECIMAL;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.billing.BillFacts;
import io.offtake.billing.BillingRelations;
import io.offtake.catalog.CatalogRelations;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import io.offtake.schemes.SchemeRelations;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// The trade-spend ledger (SCH-27): what was promised and accrued with the bills, reversed with their returns, and claimed, approved,
/// disallowed and settled by claims. Each entry names its bill.
@Component
public class TradeSpend {
    private static final int LONGEST_DAYS = 800;
    private static final int ROWS = 500;

    private final TenantTransaction transactions;
    private final Clock clock;

    TradeSpend(TenantTransaction transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    /// What is asked for; null leaves a side open.
    public record Filter(@Nullable LocalDate from, @Nullable LocalDate to, @Nullable Long distributorId, @Nullable Long principalId, @Nullable Long schemeId, @Nullable UUID outletId, @Nullable Long skuId) {}

    /// @param promised what outlets were given or have earned, both parties' parts
    /// @param accrued  the principal's part that can be claimed
    /// @param reversed of it, by returns and cancellations
    /// @param open     accrued less reversed, settled and disallowed
    public record Row(String id, String code, String name, BigDecimal promised, BigDecimal accrued, BigDecimal claimed, BigDecimal approved, BigDecimal settled, BigDecimal reversed, BigDecimal disallowed,
                      BigDecimal open) {}

    /// @param rows the largest accrual first, at most 500
    public record View(LocalDate from, LocalDate to, @Nullable String currency, Row totals, List<Row> rows) {}

    private static final String IN = ".distributor_id = any (:scope) and (:principals::bigint[] is null or x.principal_id = any (:principals::bigint[])) and x.business_date between :from and :to and (:scheme::bigint is null or x.scheme_id = :scheme::bigint)";

    private static final String ENTRIES = """
            select k.stage, x.business_date as "on", case k.stage when 'PROMISED' then x.amount + case when x.kind = 'FREE_GOODS' then x.claim_value else 0 end else x.claim_value end as amount,
                   x.scheme_id, x.distributor_id, l.outlet_id, l.sku_id, x.invoice_id, x.invoice_id as document_id, null::uuid as claim_id, x.line, x.part
              from\s""" + BillingRelations.BENEFITS + """
             x
              join\s""" + BillFacts.LINES + """
             l on l.distributor_id = x.distributor_id and l.business_date = x.business_date and l.invoice_id = x.invoice_id and l.line = x.line and l.part = x.part
             cross join (values ('PROMISED'), ('ACCRUED')) k (stage)
             where x""" + IN + """

            union all
            select 'REVERSED', x.business_date, x.claim_value, x.scheme_id, x.distributor_id, x.outlet_id, l.sku_id, x.invoice_id, x.document_id, null, x.line, x.part
              from\s""" + BillingRelations.REVERSED + """
             x
              join\s""" + BillFacts.LINES + """
             l on l.distributor_id = x.distributor_id and l.business_date = x.invoice_date and l.invoice_id = x.invoice_id and l.line = x.line and l.part = x.part
             where x""" + IN + """

            union all
            select case when x.principal_share < 0 or x.amount < 0 then 'REVERSED' else k.stage end, x.business_date,
                   case when x.principal_share < 0 or x.amount < 0 then -x.principal_share when k.stage = 'PROMISED' then x.amount else x.principal_share end,
                   x.scheme_id, x.distributor_id, x.outlet_id, nullif(x.sku_id, 0), x.document_id, x.document_id, null, 0, 0
              from\s""" + SchemeRelations.EARNED + """
             x
             cross join (values ('PROMISED'), ('ACCRUED')) k (stage)
             where x""" + IN + """
               and not (k.stage = 'PROMISED' and (x.principal_share < 0 or x.amount < 0))
            union all
            select x.stage, x.business_date, x.amount, x.scheme_id, x.distributor_id, x.outlet_id, x.sku_id, x.sale_id, x.document_id, x.claim_id, x.claim_line, 0
              from claims.spend_entry x where x""" + IN;

    private static final String CHOSEN = "with entry as (select * from (" + ENTRIES + """
            ) e where e.amount <> 0 and (:outlet::uuid is null or e.outlet_id = :outlet::uuid) and (:sku::bigint is null or e.sku_id = :sku::bigint))
            """;

    private static final String SUMS = sum("PROMISED", "promised") + sum("ACCRUED", "accrued") + sum("CLAIMED", "claimed") + sum("APPROVED", "approved") + sum("SETTLED", "settled")
            + sum("REVERSED", "reversed") + sum("DISALLOWED", "disallowed")
            + " coalesce(sum(case e.stage when 'ACCRUED' then e.amount when 'REVERSED' then -e.amount when 'SETTLED' then -e.amount when 'DISALLOWED' then -e.amount else 0 end), 0) as open";

    private static String sum(String stage, String name) {
        return " coalesce(sum(e.amount) filter (where e.stage = '" + stage + "'), 0) as " + name + ",";
    }

    private static final Map<String, String> BY = Map.of(
            "scheme", "select e.scheme_id::text as id, v.code, v.name,%s from entry e join (select distinct on (scheme_id) scheme_id, code, name from " + SchemeRelations.VERSIONS
                    + " v order by scheme_id, version_no desc) v on v.scheme_id = e.scheme_id",
            "sku", "select coalesce(e.sku_id, 0)::text as id, coalesce(k.code, '') as code, coalesce(k.name, '') as name,%s from entry e left join " + CatalogRelations.SKUS + " k on k.id = e.sku_id",
            "distributor", "select e.distributor_id::text as id, d.code, d.name,%s from entry e join " + NetworkRelations.DISTRIBUTORS + " d on d.id = e.distributor_id",
            "outlet", "select e.outlet_id::text as id, o.code, o.name,%s from entry e join " + NetworkRelations.OUTLETS + " o on o.distributor_id = e.distributor_id and o.id = e.outlet_id",
            "month", "select to_char(e.\"on\", 'YYYY-MM') as id, to_char(e.\"on\", 'YYYY-MM') as code, to_char(e.\"on\", 'YYYY-MM') as name,%s from entry e");

    private Map<String, @Nullable Object> parameters(Caller caller, Filter filter) {
        caller.require(Permission.SPEND_READ);
        if (filter.distributorId != null) caller.requireDistributor(filter.distributorId);
        var today = LocalDate.now(clock);
        var to = filter.to == null ? today.plusDays(1) : filter.to;
        Views.window(to, to);
        var from = filter.from == null ? to.minusDays(90) : filter.from;
        Views.window(from, to);
        if (from.plusDays(LONGEST_DAYS).isBefore(to))
            throw Problem.of(ProblemCode.INVALID, "The window is from " + from + " to " + to + ".").at("?from", ProblemCode.INVALID, "is after the end, or more than " + LONGEST_DAYS + " days before it").exception();
        var parameters = Views.scope(caller.scope());
        if (filter.distributorId != null) parameters.put("scope", new Long[] {filter.distributorId});
        if (filter.principalId != null) parameters.put("principals", new Long[] {caller.requirePrincipal(filter.principalId)});
        parameters.put("from", from);
        parameters.put("to", to);
        parameters.put("scheme", filter.schemeId);
        parameters.put("outlet", filter.outletId);
        parameters.put("sku", filter.skuId);
        return parameters;
    }

    /// Sums by scheme, SKU, distributor, outlet or month. The last ninety days unless a window is given.
    public View of(Caller caller, String by, Filter filter) {
        if (!BY.containsKey(by)) throw Problem.of(ProblemCode.INVALID, "There is no trade spend by " + by + ".").at("?by", ProblemCode.INVALID, "is no dimension of it", BY.keySet().stream().sorted().toList()).exception();
        var parameters = parameters(caller, filter);
        return transactions.read(caller.scope(), db -> {
            var currency = db.sql("select d.currency from " + NetworkRelations.DISTRIBUTORS + " d where d.id = any (:scope) group by 1 order by count(*) desc limit 1").param("scope", parameters.get("scope")).query(String.class).optional()
                    .orElse(null);
            var totals = db.sql(CHOSEN + "select '' as id, '' as code, '' as name," + SUMS + " from entry e").params(parameters).query(Row.class).single();
            var rows = db.sql(CHOSEN + BY.get(by).replace("%s", SUMS) + " group by 1, 2, 3 order by accrued desc, code limit " + ROWS).params(parameters).query(Row.class).list();
            return new View((LocalDate) java.util.Objects.requireNonNull(parameters.get("from")), (LocalDate) java.util.Objects.requireNonNull(parameters.get("to")), currency, totals, rows);
        });
    }

    /// One entry, down at its bill.
    public record Entry(String key, String stage, LocalDate on, BigDecimal amount, long schemeId, String schemeCode, long distributorId, String distributorCode, UUID outletId, String outletName,
                        @Nullable Long skuId, @Nullable String skuName, UUID invoiceId, String invoiceNumber, UUID documentId, @Nullable UUID claimId, @Nullable String claimNumber) {}

    private static final ListSql LIST = ListSql.of(CHOSEN + """
            select e.stage || e.document_id || coalesce(e.claim_id::text, '') || e.scheme_id || '.' || e.line || '.' || e.part || '.' || coalesce(e.sku_id, 0) as key, e.stage, e."on" as day, e."on", e.amount, e.scheme_id,
                   v.code as scheme_code, e.distributor_id, d.code as distributor_code, e.outlet_id, o.name as outlet_name, e.sku_id, k.name as sku_name, e.invoice_id, b.number as invoice_number, e.document_id,
                   e.claim_id, c.number as claim_number
              from entry e
              join (select distinct scheme_id, code from\s""" + SchemeRelations.VERSIONS + """
             v) v on v.scheme_id = e.scheme_id
              join\s""" + NetworkRelations.DISTRIBUTORS + """
             d on d.id = e.distributor_id
              join\s""" + NetworkRelations.OUTLETS + """
             o on o.distributor_id = e.distributor_id and o.id = e.outlet_id
              join\s""" + BillFacts.BILLS + """
             b on b.distributor_id = e.distributor_id and b.id = e.invoice_id
              left join\s""" + CatalogRelations.SKUS + """
             k on k.id = e.sku_id
              left join claims.claim c on c.distributor_id = e.distributor_id and c.id = e.claim_id""").key("key", TEXT).sortable("day", DATE).sortable("amount", DECIMAL).equal("stage", TEXT)
            .equal("distributorId", LONG).search("invoiceNumber", "outletName", "claimNumber").order("-day");

    /// The entries themselves.
    public Page<Entry> entries(Caller caller, ListQuery query, Filter filter) {
        var parameters = new HashMap<>(parameters(caller, filter));
        var sort = query.sort().stream().map(part -> new ListQuery.Sort(part.field().equals("on") ? "day" : part.field(), part.descending())).toList();
        var asked = new ListQuery(query.cursor(), query.limit(), query.q(), sort, query.without("from", "to", "principalId", "schemeId", "outletId", "skuId", "distributorId").filters());
        return transactions.read(caller.scope(), db -> LIST.page(db, asked, parameters, Entry.class));
    }
}
