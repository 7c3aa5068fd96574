package io.offtake.tax.app;

import io.offtake.governance.AuditChain;
import io.offtake.governance.AuditTrail;
import io.offtake.platform.Actor;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.PostedDocuments;
import io.offtake.tax.TaxRows;
import io.offtake.tax.india.EwayBill;
import io.offtake.tax.india.ExportDetails;
import io.offtake.tax.india.Fault;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/// Shipping bills of exports, recorded after the bill: customs give their number when the goods leave. A month that is filed keeps what
/// it stated; a later month states the export again in table 9A.
@Service
public class ExportShipments {
    private final TenantTransaction transactions;
    private final TaxRows rows;
    private final PostedDocuments documents;
    private final AuditChain chain;
    private final Clock clock;

    ExportShipments(TenantTransaction transactions, TaxRows rows, PostedDocuments documents, AuditChain chain, Clock clock) {
        this.transactions = transactions;
        this.rows = rows;
        this.documents = documents;
        this.chain = chain;
        this.clock = clock;
    }

    /// A bill to a buyer abroad.
    ///
    /// @param withPayment whether integrated tax is paid on it
    /// @param details     null: nothing is recorded yet
    public record Export(UUID documentId, String number, LocalDate date, String buyerName, BigDecimal payable, boolean withPayment, @Nullable ExportDetails details, @Nullable Instant recordedAt, @Nullable String recordedBy) {}

    private record Stored(UUID documentId, ExportDetails details, Instant at, String by) {}

    private static final String SELECT = "select document_id, shipping_bill, shipped_on, port_code, country, recorded_at, recorded_by from tax.export_shipment where distributor_id = :distributor and ";

    private static Stored stored(java.sql.ResultSet row) throws java.sql.SQLException {
        return new Stored(row.getObject("document_id", UUID.class), new ExportDetails(row.getString("shipping_bill"), row.getObject("shipped_on", LocalDate.class), row.getString("port_code"), row.getString("country")),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant(), row.getString("recorded_by"));
    }

    private static List<Stored> stored(JdbcClient db, long distributorId, LocalDate from, LocalDate to) {
        return db.sql(SELECT + "business_date between :from and :to").param("distributor", distributorId).param("from", from).param("to", to).query((row, _) -> stored(row)).list();
    }

    /// Those of bills of these days (both included), by document.
    static Map<UUID, ExportDetails> of(JdbcClient db, long distributorId, LocalDate from, LocalDate to) {
        var found = new HashMap<UUID, ExportDetails>();
        for (var one : stored(db, distributorId, from, to)) found.put(one.documentId, one.details);
        return found;
    }

    /// That of one bill.
    static Optional<ExportDetails> of(JdbcClient db, long distributorId, UUID documentId) {
        return db.sql(SELECT + "document_id = :document").param("distributor", distributorId).param("document", documentId).query((row, _) -> stored(row).details).optional();
    }

    /// A month's exports by number, cancelled ones left out.
    public List<Export> exports(RowScope scope, long distributorId, YearMonth month) {
        return transactions.read(scope, db -> {
            var recorded = new HashMap<UUID, Stored>();
            for (var one : stored(db, distributorId, month.atDay(1), month.atEndOfMonth())) recorded.put(one.documentId, one);
            var first = new LinkedHashMap<UUID, TaxRows.Row>();
            var paid = new HashMap<UUID, Boolean>();
            for (var row : rows.documents(scope, distributorId, month.atDay(1), month.atEndOfMonth())) {
                if (!row.kind().equals("INVOICE") || row.cancelled() || !row.buyerRegistration().equals("EXPORT")) continue;
                first.putIfAbsent(row.id(), row);
                paid.merge(row.id(), row.taxKind().equals("TAXABLE"), Boolean::logicalOr);
            }
            return first.values().stream().map(row -> {
                var known = recorded.get(row.id());
                return new Export(row.id(), row.number(), row.date(), row.buyerName(), row.payable(), paid.get(row.id()), known == null ? null : known.details, known == null ? null : known.at, known == null ? null : known.by);
            }).toList();
        });
    }

    public sealed interface Outcome {
        /// `replayed` if the same was recorded before.
        record Done(Export export, boolean replayed) implements Outcome {}

        /// There is no such invoice to a buyer abroad that stands.
        record Unknown() implements Outcome {}

        record Wrong(List<Fault> faults) implements Outcome {}
    }

    /// Records what customs say of an export; saying something else later takes its place, and the audit trail keeps both.
    public Outcome record(RowScope scope, UUID documentId, ExportDetails details, Actor actor) {
        var document = documents.find(scope, documentId).filter(one -> one.regime().equals("IN_GST") && one.kind().equals("INVOICE") && !one.cancelled() && one.buyer().registration().equals("EXPORT")).orElse(null);
        if (document == null) return new Outcome.Unknown();
        var now = clock.instant();
        var faults = details.faults(document.businessDate(), LocalDate.ofInstant(now, EwayBill.ZONE));
        if (!faults.isEmpty()) return new Outcome.Wrong(faults);
        var distributorId = document.distributorId();
        boolean replayed = transactions.<Boolean>write(distributorId, db -> {
            var before = of(db, distributorId, documentId).orElse(null);
            if (details.equals(before)) return true;
            db.sql("""
                            insert into tax.export_shipment as s (distributor_id, document_id, business_date, shipping_bill, shipped_on, port_code, country, recorded_at, recorded_by)
                            values (:distributor, :document, :date, :bill, :on, :port, :country, :at, :by)
                            on conflict (distributor_id, document_id) do update set shipping_bill = excluded.shipping_bill, shipped_on = excluded.shipped_on, port_code = excluded.port_code,
                                   country = excluded.country, recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by, version = s.version + 1""")
                    .param("distributor", distributorId).param("document", documentId).param("date", document.businessDate()).param("bill", details.shippingBill()).param("on", details.shippedOn())
                    .param("port", details.portCode()).param("country", details.country()).param("at", now.atOffset(ZoneOffset.UTC)).param("by", actor.username()).update();
            chain.append(distributorId, List.of(new AuditTrail.Entry(distributorId, now, actor.username(), null, before == null ? "RECORDED" : "CHANGED", "export-shipment", documentId, document.businessDate(),
                    Fingerprint.json(Map.of("number", document.number(), "before", said(before), "now", said(details))))));
            return false;
        });
        var export = exports(scope, distributorId, YearMonth.from(document.businessDate())).stream().filter(one -> one.documentId().equals(documentId)).findFirst().orElseThrow();
        return new Outcome.Done(export, replayed);
    }

    private static String said(@Nullable ExportDetails details) {
        return details == null ? "" : details.shippingBill() + " " + details.shippedOn() + " " + details.portCode() + " " + details.country();
    }
}
