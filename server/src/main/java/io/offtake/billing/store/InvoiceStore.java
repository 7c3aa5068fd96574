package io.offtake.billing.store;

import io.offtake.billing.InvoiceView;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.domain.InvoiceDraft;
import io.offtake.billing.domain.InvoiceViews;
import io.offtake.billing.domain.PrintedFacts;
import io.offtake.billing.domain.TaxDocuments;
import io.offtake.platform.Documents;
import io.offtake.network.Printed;
import io.offtake.platform.Numbering;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.platform.RowScope;
import io.offtake.receivables.Receivables;
import io.offtake.rules.Decision;
import io.offtake.rules.DecisionJson;
import io.offtake.rules.Money;
import io.offtake.rules.RuleBook;
import io.offtake.tax.TaxDocument;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// SQL of posted invoices.
@Component
public class InvoiceStore {
    private static final JsonMapper JSON = JsonMapper.builder().configure(SerializationFeature.FAIL_ON_EMPTY_BEANS, false).build();

    private static final String LINE = """
            insert into billing.invoice_line
                   (distributor_id, business_date, invoice_id, line, part, kind, principal_id, outlet_id, sku_id, mrp, qty, free_qty, unit_price, gross,
                    scheme_discount, manual_discount, taxable, tax_rate, cgst, sgst, igst, cess, cost, hsn, price_list_id, price_list_version, tax_rate_id, scheme_ids, tax_kind, vat, assessable)
            values\s""";
    private static final String BENEFIT = """
            insert into billing.scheme_benefit
                   (distributor_id, business_date, invoice_id, line, part, scheme_id, scheme_version, principal_id, kind, amount, principal_share,
                    distributor_share, free_sku_id, free_qty, claim_value)
            values\s""";

    /// Adds the lines and scheme benefits of some invoices. Free goods are lines after the billed ones, with value 0.
    public static void lines(Post post, List<InvoiceDraft> drafts) {
        lines(post, drafts, true);
    }

    /// Adds the lines of some notes; what they take back of schemes stands in [LineReturns].
    public static void noteLines(Post post, List<InvoiceDraft> drafts) {
        lines(post, drafts, false);
    }

    private static void lines(Post post, List<InvoiceDraft> drafts, boolean withBenefits) {
        var lines = new ArrayList<@Nullable Object[]>();
        var benefits = new ArrayList<@Nullable Object[]>();
        for (var draft : drafts) {
            var command = draft.command();
            var decided = draft.decided();
            int last = 0;
            for (var line : decided.lines()) {
                last = Math.max(last, line.line());
                lines.add(new @Nullable Object[] {command.distributorId(), command.businessDate(), command.id(), line.line(), line.part(), "BILLED", command.principalId(),
                        command.outletId(), Long.parseLong(line.skuId()), mrp(InvoiceViews.money(line.mrp())), InvoiceViews.qty(line.qty()), BigDecimal.ZERO,
                        InvoiceViews.price(line.unitPrice()), InvoiceViews.money(line.gross()), InvoiceViews.money(line.schemeDiscount()),
                        InvoiceViews.money(line.manualDiscount()), InvoiceViews.money(line.taxable()), InvoiceViews.rate(line.taxRate()), InvoiceViews.money(line.cgst()),
                        InvoiceViews.money(line.sgst()), InvoiceViews.money(line.igst()), InvoiceViews.money(line.cess()), InvoiceViews.money(line.cost()), line.hsn(),
                        line.priceListId(), line.priceListVersion(), line.taxRateId(), schemes(line), taxKind(line.taxKind()), InvoiceViews.money(line.vat()),
                        assessable(line.assessable(), line.taxable())});
                if (!withBenefits) continue;
                for (var benefit : byScheme(line.benefits()))
                    benefits.add(new @Nullable Object[] {command.distributorId(), command.businessDate(), command.id(), line.line(), line.part(),
                            Long.parseLong(benefit.schemeId()), benefit.schemeVersion(), command.principalId(), "DISCOUNT", InvoiceViews.money(benefit.amount()),
                            InvoiceViews.money(benefit.principalShare()), InvoiceViews.money(benefit.distributorShare()), null, BigDecimal.ZERO,
                            claimable(draft, benefit.schemeId(), claimOf(decided, benefit))});
            }
            int free = last, at = 0;
            for (var line : decided.freeLines()) {
                free = draft.freeNumbers().isEmpty() ? free + 1 : draft.freeNumbers().get(at++);
                lines.add(new @Nullable Object[] {command.distributorId(), command.businessDate(), command.id(), free, 1, "FREE", command.principalId(),
                        command.outletId(), Long.parseLong(line.skuId()), mrp(InvoiceViews.money(line.mrp())), BigDecimal.ZERO, InvoiceViews.qty(line.qty()),
                        InvoiceViews.price(line.unitPrice()), BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, InvoiceViews.money(line.taxable()),
                        InvoiceViews.rate(line.taxRate()), InvoiceViews.money(line.cgst()), InvoiceViews.money(line.sgst()), InvoiceViews.money(line.igst()),
                        InvoiceViews.money(line.cess()), InvoiceViews.money(line.cost()), line.hsn(), null, null, line.taxRateId(), line.schemeId(), taxKind(line.taxKind()), InvoiceViews.money(line.vat()), null});
                if (!withBenefits) continue;
                benefits.add(new @Nullable Object[] {command.distributorId(), command.businessDate(), command.id(), free, 1, Long.parseLong(line.schemeId()),
                        line.schemeVersion(), command.principalId(), "FREE_GOODS", BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, Long.parseLong(line.skuId()),
                        InvoiceViews.qty(line.qty()), claimable(draft, line.schemeId(), InvoiceViews.money(line.claimValue()))});
            }
        }
        post.rows("invoice lines", LINE, "(" + "?, ".repeat(24) + "?, ?::integer, ?, ?, ?, ?, ?::numeric)", "", lines);
        post.rows("scheme benefits", BENEFIT, "(" + "?, ".repeat(12) + "?::bigint, ?, ?)", "", benefits);
    }

    /// One row for each scheme: free goods of several rewards that are given as value may lie on one line.
    private static Collection<Decision.LineBenefit> byScheme(List<Decision.LineBenefit> benefits) {
        if (benefits.size() < 2) return benefits;
        var rows = new LinkedHashMap<String, Decision.LineBenefit>();
        for (var one : benefits)
            rows.merge(one.schemeId(), one, (a, b) -> new Decision.LineBenefit(a.schemeId(), a.schemeVersion(), a.stage(), a.amount().plus(b.amount()),
                    a.principalShare().plus(b.principalShare()), a.distributorShare().plus(b.distributorShare())));
        return rows.values();
    }

    /// A seller who charges no tax has no kinds.
    private static String taxKind(RuleBook.@Nullable TaxKind kind) {
        return kind == null ? "NON_GST" : kind.name();
    }

    /// What the tax was worked out on, where that is not the taxable value (IN-08).
    private static @Nullable BigDecimal assessable(Money assessable, Money taxable) {
        return assessable.equals(taxable) ? null : InvoiceViews.money(assessable);
    }

    /// 0 where the goods carry no MRP.
    private static BigDecimal mrp(@Nullable BigDecimal mrp) {
        return mrp == null ? BigDecimal.ZERO : mrp;
    }

    private static String schemes(Decision.ResultLine line) {
        return String.join(",", line.benefits().stream().map(Decision.LineBenefit::schemeId).toList());
    }

    /// What a bill that stands gave beyond a scheme's limits cannot be claimed (OFF-10).
    private static BigDecimal claimable(InvoiceDraft draft, String schemeId, BigDecimal claim) {
        var beyond = draft.beyond().get(schemeId);
        return beyond == null ? claim : claim.multiply(BigDecimal.ONE.subtract(beyond)).setScale(claim.scale(), RoundingMode.DOWN);
    }

    private static BigDecimal claimOf(Decision.Decided decided, Decision.LineBenefit benefit) {
        boolean claimed = decided.schemes().stream().anyMatch(scheme -> scheme.schemeId().equals(benefit.schemeId()) && !scheme.claim().isZero());
        return claimed ? InvoiceViews.money(benefit.principalShare()) : BigDecimal.ZERO;
    }

    /// Adds the header under its number.
    public static void header(Post post, Numbering numbering, InvoiceDraft draft) {
        header(post, numbering, draft, "INVOICE", null);
    }

    /// As [#header], for a document of this kind that may quote an original.
    public static void header(Post post, Numbering numbering, InvoiceDraft draft, String kind, @Nullable UUID originalId) {
        var command = draft.command();
        var totals = draft.decided().totals();
        var cost = InvoiceViews.money(draft.decided().posting().costOfGoods()).add(InvoiceViews.money(draft.decided().posting().freeGoodsCost()));
        Documents.insertNumbered(post, numbering, "billing.invoice", "number", COLUMNS,
                command.distributorId(), command.id(), kind, command.principalId(), command.outletId(), command.warehouseId(), (Object) command.orderId(), (Object) originalId,
                numbering.series().series(), command.businessDate(), draft.dueOn(), command.saleType().name(), command.paymentMode().name(), draft.origin(),
                InvoiceViews.money(totals.gross()), InvoiceViews.money(totals.schemeDiscount()), InvoiceViews.money(totals.manualDiscount()),
                InvoiceViews.money(totals.taxable()), InvoiceViews.money(totals.cgst()), InvoiceViews.money(totals.sgst()), InvoiceViews.money(totals.igst()),
                InvoiceViews.money(totals.cess()), InvoiceViews.money(totals.rounding()), InvoiceViews.money(totals.payable()), cost, draft.book().hash(),
                draft.book().versions().toString(), draft.commandJson(), DecisionJson.write(draft.decided()), JSON.writeValueAsString(draft.printed()), draft.at(),
                draft.actor().username(), draft.decided().placeOfSupply(), draft.decided().interState(), (Object) draft.seller().gstin(), (Object) draft.buyer().gstin(),
                draft.buyer().registration(), InvoiceViews.money(totals.vat()));
    }

    private static final String COLUMNS = "distributor_id, id, kind, principal_id, outlet_id, warehouse_id, order_id::uuid, original_id::uuid, series, business_date, due_on, "
            + "sale_type, payment_mode, origin, gross, scheme_discount, manual_discount, taxable, cgst, sgst, igst, cess, rounding, payable, cost, rule_book_hash, "
            + "config_version, command, decision, printed, recorded_at, recorded_by, place_of_supply, inter_state, seller_gstin::text, buyer_gstin::text, buyer_registration, vat";

    private static final String SELECT = """
            select id, kind, number, series, business_date, recorded_at, recorded_by, sale_type, payment_mode, due_on, distributor_id, principal_id, warehouse_id,
                   order_id, original_id, origin, rule_book_hash, config_version, decision, printed
              from billing.invoice
            """;

    /// Reads posted documents by id.
    public Map<UUID, InvoiceView> read(Connection connection, long distributorId, Collection<UUID> ids) throws SQLException {
        try (var statement = connection.prepareStatement(SELECT + " where distributor_id = ? and id = any(?)")) {
            statement.setLong(1, distributorId);
            statement.setArray(2, connection.createArrayOf("uuid", ids.toArray()));
            var found = new HashMap<UUID, InvoiceView>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var view = view(rows);
                    found.put(view.id(), view);
                }
            }
            return found;
        }
    }

    /// Reads one posted document inside a scope.
    public Optional<InvoiceView> find(Connection connection, RowScope scope, UUID id) throws SQLException {
        try (var statement = connection.prepareStatement(SELECT + " where distributor_id = any(?) and id = ?")) {
            statement.setArray(1, connection.createArrayOf("int8", scope.distributors().toArray()));
            statement.setObject(2, id);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(view(rows)) : Optional.empty();
            }
        }
    }

    /// Which of some outlets were ever billed a principal's goods.
    public static Pipeline.Answer<Set<UUID>> billedBefore(Pipeline load, long distributorId, long principalId, UUID[] outletIds) {
        return load.query("select distinct outlet_id from billing.invoice where distributor_id = ? and outlet_id = any(?) and principal_id = ? and kind = 'INVOICE'", rows -> {
            var found = new HashSet<UUID>();
            while (rows.next()) found.add(rows.getObject(1, UUID.class));
            return found;
        }, distributorId, outletIds, principalId);
    }

    /// The business dates of some invoices, by id.
    public static Map<UUID, LocalDate> dates(Connection connection, long distributorId, UUID[] ids) throws SQLException {
        var load = new Pipeline();
        var dates = load.query("select id, business_date from billing.invoice where distributor_id = ? and id = any(?)", rows -> {
            var found = new HashMap<UUID, LocalDate>();
            while (rows.next()) found.put(rows.getObject(1, UUID.class), rows.getObject(2, LocalDate.class));
            return found;
        }, distributorId, ids);
        load.run(connection);
        return dates.get();
    }

    /// What an invoice was decided from, and what was decided.
    public record Inputs(String command, String decision, String ruleBookHash, String configVersion) {}

    /// Reads the input and decision of one invoice inside a scope; empty for other kinds of documents.
    public Optional<Inputs> inputs(Connection connection, RowScope scope, UUID id) throws SQLException {
        try (var statement = connection.prepareStatement("""
                select command, decision, rule_book_hash, config_version from billing.invoice where distributor_id = any(?) and id = ? and kind = 'INVOICE'""")) {
            statement.setArray(1, connection.createArrayOf("int8", scope.distributors().toArray()));
            statement.setObject(2, id);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(new Inputs(rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4))) : Optional.empty();
            }
        }
    }

    /// One line of a bill and what may still be credited of it.
    public record LineLeft(int line, int part, long skuId, BigDecimal sold, BigDecimal left) {}

    /// The lines of some bills of an outlet, billed goods first, less what was credited of them or is on its way back; cancelled bills are absent.
    public static Pipeline.Answer<Map<UUID, List<LineLeft>>> creditable(Pipeline load, long distributorId, UUID outletId, UUID[] invoiceIds) {
        return load.query("""
                select i.id, l.line, l.part, l.sku_id, l.qty + l.free_qty, l.qty + l.free_qty - coalesce(r.held + r.credited, 0)
                  from billing.invoice i
                  join billing.invoice_line l on l.distributor_id = i.distributor_id and l.business_date = i.business_date and l.invoice_id = i.id
                  left join billing.line_return r on r.distributor_id = l.distributor_id and r.invoice_id = l.invoice_id and r.line = l.line and r.part = l.part
                 where i.distributor_id = ? and i.outlet_id = ? and i.id = any(?) and i.kind = 'INVOICE'
                   and not exists (select 1 from billing.invoice_cancellation c where c.distributor_id = i.distributor_id and c.invoice_id = i.id)
                 order by i.id, l.kind, l.line, l.part""",
                rows -> {
                    var found = new HashMap<UUID, List<LineLeft>>();
                    while (rows.next())
                        found.computeIfAbsent(rows.getObject(1, UUID.class), _ -> new ArrayList<>())
                                .add(new LineLeft(rows.getInt(2), rows.getInt(3), rows.getLong(4), rows.getBigDecimal(5), rows.getBigDecimal(6)));
                    return found;
                }, distributorId, outletId, invoiceIds);
    }

    /// A posted invoice with what has happened to it since.
    public record Stored(InvoiceView view, Decision.Decided decided, Printed.Seller seller, boolean cancelled, boolean delivered, boolean collected) {}

    /// What has happened to a bill since it was posted.
    public record Since(boolean cancelled, boolean delivered) {}

    /// Reads what has happened to a bill, without a lock.
    public static Since since(Connection connection, long distributorId, UUID id) throws SQLException {
        var load = new Pipeline();
        var since = since(load, distributorId, id);
        load.run(connection);
        return since.get();
    }

    private static Pipeline.Answer<Since> since(Pipeline load, long distributorId, UUID id) {
        return load.query("""
                select exists (select 1 from billing.invoice_cancellation c where c.distributor_id = ? and c.invoice_id = ?),
                       exists (select 1 from billing.delivery d where d.distributor_id = ? and d.invoice_id = ?)""",
                found -> {
                    found.next();
                    return new Since(found.getBoolean(1), found.getBoolean(2));
                }, distributorId, id, distributorId, id);
    }

    /// Locks one posted document, by its open item, and reads it; null if there is none.
    public @Nullable Stored lock(Connection connection, long distributorId, UUID id) throws SQLException {
        try (var statement = connection.prepareStatement(SELECT + " where distributor_id = ? and id = ? and kind = 'INVOICE'")) {
            statement.setLong(1, distributorId);
            statement.setObject(2, id);
            try (var rows = statement.executeQuery()) {
                if (!rows.next()) return null;
                var load = new Pipeline();
                var open = Receivables.lockItem(load, distributorId, id);
                var since = since(load, distributorId, id);
                load.run(connection);
                var view = view(rows);
                var printed = JSON.readValue(rows.getString(20), PrintedFacts.class);
                var settled = open.get().orElseThrow();
                return new Stored(view, decided(rows, printed), printed.seller(), since.get().cancelled(), since.get().delivered(),
                        view.paymentMode().equals("CREDIT") && settled.amount().compareTo(settled.open()) != 0 && !since.get().cancelled());
            }
        }
    }

    /// Adds the record of a cancellation.
    public static void cancelled(Post post, InvoiceView invoice, UUID id, LocalDate on, String reason, Instant at, String by) {
        post.guarded("cancellation", 1, """
                insert into billing.invoice_cancellation (distributor_id, invoice_id, id, principal_id, business_date, reason, recorded_at, recorded_by)
                values (?, ?, ?, ?, ?, ?, ?, ?)""", invoice.distributorId(), invoice.id(), id, invoice.principalId(), on, reason, at, by);
    }

    /// An open request to cancel an invoice.
    public record Asked(String by, String reason) {}

    /// The open request, or null.
    public static @Nullable Asked cancellationAsked(Connection connection, long distributorId, UUID invoiceId) throws SQLException {
        try (var statement = connection.prepareStatement("select requested_by, reason from billing.cancellation_request where distributor_id = ? and invoice_id = ? and status = 'ASKED'")) {
            statement.setLong(1, distributorId);
            statement.setObject(2, invoiceId);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? new Asked(rows.getString(1), rows.getString(2)) : null;
            }
        }
    }

    /// Whether the last request to cancel, decided or not, is this very one: it has come a second time.
    public static boolean isLastRequest(Connection connection, long distributorId, UUID invoiceId, UUID id) throws SQLException {
        return last(connection, "id = ?", distributorId, invoiceId, id);
    }

    /// Whether the last request to cancel was turned down by this person.
    public static boolean isKeptBy(Connection connection, long distributorId, UUID invoiceId, String by) throws SQLException {
        return last(connection, "status = 'KEPT' and decided_by = ?", distributorId, invoiceId, by);
    }

    private static boolean last(Connection connection, String condition, long distributorId, UUID invoiceId, Object value) throws SQLException {
        try (var statement = connection.prepareStatement("select 1 from billing.cancellation_request where distributor_id = ? and invoice_id = ? and " + condition)) {
            statement.setLong(1, distributorId);
            statement.setObject(2, invoiceId);
            statement.setObject(3, value);
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /// Files a request to cancel; one that was turned down before is opened again.
    public static void askToCancel(Post post, InvoiceView invoice, UUID id, String reason, Instant at, String by) {
        post.guarded("cancellation request", 1, """
                insert into billing.cancellation_request (distributor_id, invoice_id, id, principal_id, status, reason, requested_at, requested_by)
                values (?, ?, ?, ?, 'ASKED', ?, ?, ?)
                on conflict (distributor_id, invoice_id) do update set id = excluded.id, status = 'ASKED', reason = excluded.reason, requested_at = excluded.requested_at,
                       requested_by = excluded.requested_by, decided_at = null, decided_by = null, decision = null""",
                invoice.distributorId(), invoice.id(), id, invoice.principalId(), reason, at, by);
    }

    /// Closes the open request, if there is one.
    public static void decideCancellation(Post post, long distributorId, UUID invoiceId, String status, String decision, Instant at, String by) {
        post.update("""
                update billing.cancellation_request set status = ?, decision = ?, decided_at = ?, decided_by = ?
                 where distributor_id = ? and invoice_id = ? and status = 'ASKED'""", status, decision, at, by, distributorId, invoiceId);
    }

    /// Adds the record of a delivery.
    public static void delivered(Post post, InvoiceView invoice, UUID id, LocalDate on, Instant at, String by) {
        post.guarded("delivery", 1, """
                insert into billing.delivery (distributor_id, invoice_id, id, principal_id, business_date, recorded_at, recorded_by)
                values (?, ?, ?, ?, ?, ?, ?)""", invoice.distributorId(), invoice.id(), id, invoice.principalId(), on, at, by);
    }

    /// A posted document as the tax office sees it, without what happened to it since.
    public List<TaxDocument> taxDocuments(Connection connection, RowScope scope, String where, Object... values) throws SQLException {
        var sql = "select i.*, o.number as original_number, o.business_date as original_on, c.invoice_id is not null as cancelled from (" + SELECT + where + """
                ) i
                  left join billing.invoice o on o.distributor_id = i.distributor_id and o.id = i.original_id
                  left join billing.invoice_cancellation c on c.distributor_id = i.distributor_id and c.invoice_id = i.id
                 order by i.business_date, i.number""";
        try (var statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("int8", scope.distributors().toArray()));
            for (int at = 0; at < values.length; at++) statement.setObject(at + 2, values[at]);
            var found = new ArrayList<TaxDocument>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var printed = JSON.readValue(rows.getString(20), PrintedFacts.class);
                    var original = rows.getObject(15, UUID.class);
                    found.add(TaxDocuments.of(header(rows), decided(rows, printed), printed,
                            original == null ? null : new TaxDocument.Reference(original, rows.getString(21), rows.getObject(22, LocalDate.class)), rows.getBoolean(23)));
                }
            }
            return found;
        }
    }

    private static InvoiceView view(ResultSet rows) throws SQLException {
        var printed = JSON.readValue(rows.getString(20), PrintedFacts.class);
        return InvoiceViews.of(header(rows), decided(rows, printed), printed);
    }

    private static InvoiceViews.Header header(ResultSet rows) throws SQLException {
        return new InvoiceViews.Header(rows.getObject(1, UUID.class), rows.getString(2), rows.getString(3), rows.getString(4), rows.getObject(5, LocalDate.class),
                rows.getObject(6, OffsetDateTime.class).toInstant(), rows.getString(7), rows.getString(8), rows.getString(9), rows.getObject(10, LocalDate.class), rows.getLong(11),
                rows.getLong(12), rows.getObject(13, UUID.class), rows.getObject(14, UUID.class), rows.getObject(15, UUID.class), rows.getString(16), rows.getString(17),
                rows.getString(18));
    }

    private static Decision.Decided decided(ResultSet rows, PrintedFacts printed) throws SQLException {
        return (Decision.Decided) DecisionJson.read(rows.getString(19), Currency.getInstance(printed.seller().currency()).getDefaultFractionDigits());
    }
}
