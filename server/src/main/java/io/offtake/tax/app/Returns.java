package io.offtake.tax.app;

import io.offtake.governance.AuditChain;
import io.offtake.governance.AuditTrail;
import io.offtake.platform.Actor;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.TaxBooks;
import io.offtake.tax.TaxRows;
import io.offtake.tax.india.EwayBill;
import io.offtake.tax.india.Gstr1;
import io.offtake.tax.india.Gstr3b;
import io.offtake.tax.store.LawStore;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/// The monthly returns, and the proof that they say what the books say.
@Service
public class Returns {
    private final TenantTransaction transactions;
    private final TaxRows rows;
    private final TaxBooks books;
    private final ReturnFilings filings;
    private final AuditChain chain;
    private final Clock clock;

    Returns(TenantTransaction transactions, TaxRows rows, TaxBooks books, ReturnFilings filings, AuditChain chain, Clock clock) {
        this.transactions = transactions;
        this.rows = rows;
        this.books = books;
        this.filings = filings;
        this.chain = chain;
        this.clock = clock;
    }

    /// Tax by head.
    public record Tax(BigDecimal cgst, BigDecimal sgst, BigDecimal igst, BigDecimal cess) {
        static final Tax NONE = new Tax(new BigDecimal("0.00"), new BigDecimal("0.00"), new BigDecimal("0.00"), new BigDecimal("0.00"));

        Tax plus(Tax other) {
            return new Tax(cgst.add(other.cgst), sgst.add(other.sgst), igst.add(other.igst), cess.add(other.cess));
        }

        Tax minus(Tax other) {
            return new Tax(cgst.subtract(other.cgst), sgst.subtract(other.sgst), igst.subtract(other.igst), cess.subtract(other.cess));
        }

        boolean isZero() {
            return cgst.signum() == 0 && sgst.signum() == 0 && igst.signum() == 0 && cess.signum() == 0;
        }
    }

    /// A document whose return and ledger say different things.
    public record Difference(UUID documentId, @Nullable String number, Tax inReturn, Tax inBooks) {}

    /// Σ of the return = Σ of ledger 2200 by head (IN-50).
    ///
    /// @param equal       whether nothing differs, document by document
    /// @param unregistered numbers of documents that need an IRN and have none
    public record Check(boolean equal, Tax inReturn, Tax inBooks, Tax difference, List<Difference> differences, List<Unregistered> unregistered) {}

    /// A document that needs an IRN before the return is filed.
    public record Unregistered(UUID documentId, String number, String state) {}

    /// A month's return, of a filed one as it was filed.
    ///
    /// @param stated documents it states, with those that were cancelled in time
    /// @param taken  documents that an earlier return stated and this one takes back
    public record Month(Gstr1 gstr1, Gstr3b gstr3b, List<TaxBooks.Balance> inputTax, Check check, List<TaxRows.Row> stated, List<UUID> taken) {}

    /// A document of a filed month that came in or was cancelled after it was filed: the next month states it.
    public record Later(UUID documentId, String number, LocalDate date, boolean cancelled) {}

    /// @param filed null: it is not filed
    /// @param later of a filed month: what has happened since
    public record Shown(Month month, ReturnFilings.@Nullable Filed filed, List<Later> later) {}

    /// The return of a month: as it was filed, or as it stands now.
    ///
    /// @param state of the registration
    public Shown shown(RowScope scope, long distributorId, YearMonth month, String gstin, String state) {
        return transactions.read(scope, db -> {
            var kept = filings.of(db, distributorId, month).orElse(null);
            if (kept == null) return new Shown(month(scope, distributorId, month, gstin, state), null, List.of());
            var filed = kept.filed();
            var returns = filings.since(db, distributorId, month);
            var known = returns.stream().map(one -> one.month()).toList();
            var later = new LinkedHashMap<UUID, Later>();
            for (var row : rows.changedSince(scope, distributorId, month.atDay(1), month.atEndOfMonth(), filed.recordedAt().minus(OVERLAP))) {
                var before = stated(known, row.id());
                boolean was = before != null && !before.isEmpty();
                if (was == !row.cancelled()) continue;
                if (before == null && row.cancelled()) continue;
                later.put(row.id(), new Later(row.id(), row.number(), row.date(), row.cancelled()));
            }
            return new Shown(kept.month(), filed, List.copyOf(later.values()));
        });
    }

    /// What the latest of these returns states of a document: empty where it is cancelled or taken back, null where none names it.
    private static @Nullable List<TaxRows.Row> stated(List<Month> returns, UUID document) {
        for (var month : returns.reversed()) {
            if (month.taken.contains(document)) return List.of();
            var found = month.stated.stream().filter(row -> row.id().equals(document)).toList();
            if (!found.isEmpty()) return found.getFirst().cancelled() ? List.of() : found;
        }
        return null;
    }

    /// Documents that were posted a moment before a return was filed and seen only after.
    private static final Duration OVERLAP = Duration.ofHours(1);

    /// What has happened to filed months since they were filed, and is not stated yet.
    ///
    /// @param inBooks  what the books say of these documents, less what returns have stated of them
    private record Since(Gstr1.Restated restated, List<TaxRows.Goods> more, List<TaxRows.Goods> less, List<TaxRows.Booked> inBooks) {
        static final Since NONE = new Since(Gstr1.Restated.NONE, List.of(), List.of(), List.of());
    }

    private Since since(JdbcClient db, RowScope scope, long distributorId, YearMonth month) {
        var late = new ArrayList<TaxRows.Row>();
        var undone = new ArrayList<TaxRows.Row>();
        var shipped = new ArrayList<TaxRows.Row>();
        var booked = new ArrayList<TaxRows.Booked>();
        var consumers = new HashMap<YearMonth, List<Gstr1.Consumers>>();
        var more = List.<TaxRows.Goods>of();
        var less = List.<TaxRows.Goods>of();
        for (var filed : filings.list(db, distributorId)) {
            var of = filed.month();
            // a supply is corrected until the 30th of November after its year (s.37(3))
            if (!of.isBefore(month) || of.isBefore(month.minusMonths(20))) continue;
            var changed = rows.changedSince(scope, distributorId, of.atDay(1), of.atEndOfMonth(), filed.recordedAt().minus(OVERLAP));
            var shipments = ExportShipments.of(db, distributorId, of.atDay(1), of.atEndOfMonth());
            if (changed.isEmpty() && shipments.isEmpty()) continue;
            var returns = filings.since(db, distributorId, of).stream().map(one -> one.month()).filter(one -> one.gstr1().month().isBefore(month)).toList();
            var ids = new LinkedHashSet<UUID>();
            var gone = new LinkedHashSet<UUID>();
            for (var row : changed) {
                var before = stated(returns, row.id());
                if (before == null && !row.cancelled()) {
                    late.add(row);
                    ids.add(row.id());
                } else if (before != null && !before.isEmpty() && row.cancelled() && gone.add(row.id())) undone.addAll(before);
            }
            shipments.forEach((id, details) -> {
                // the latest return that names the export says what the tax office knows of it
                var known = returns.reversed().stream().map(one -> one.gstr1()).filter(one -> one.month().equals(of) || one.shipments().containsKey(id)).findFirst().map(one -> one.shipments().get(id)).orElse(null);
                var before = gone.contains(id) || details.equals(known) || details.shippingBill() == null ? null : stated(returns, id);
                if (before != null) shipped.addAll(before);
            });
            if (ids.isEmpty() && gone.isEmpty()) continue;
            for (var one : returns) consumers.put(of, one.gstr1().consumersOf(of, consumers.getOrDefault(of, List.of())));
            more = Gstr1.goods(more, rows.goodsOf(scope, distributorId, of.atDay(1), of.atEndOfMonth(), ids), 1);
            less = Gstr1.goods(less, rows.goodsOf(scope, distributorId, of.atDay(1), of.atEndOfMonth(), gone), 1);
            for (var one : rows.booked(scope, distributorId, of.atDay(1), of.atEndOfMonth())) if (ids.contains(one.documentId()) || gone.contains(one.documentId())) booked.add(one);
            // the books have turned these back to nothing, and the returns have stated them
            for (var row : undone) if (gone.contains(row.id())) {
                var sign = BigDecimal.valueOf(row.kind().equals("CREDIT_NOTE") ? 1 : -1);
                booked.add(new TaxRows.Booked(row.id(), row.cgst().multiply(sign), row.sgst().multiply(sign), row.igst().multiply(sign), row.cess().multiply(sign)));
            }
        }
        return late.isEmpty() && undone.isEmpty() && shipped.isEmpty() ? Since.NONE : new Since(new Gstr1.Restated(late, undone, consumers, shipped), more, less, booked);
    }

    private Month month(RowScope scope, long distributorId, YearMonth month, String gstin, String state) {
        var from = month.atDay(1);
        var to = month.atEndOfMonth();
        return transactions.read(scope, db -> {
            var law = LawStore.law(db);
            var all = rows.documents(scope, distributorId, from, to);
            var since = since(db, scope, distributorId, month);
            var numbers = db.sql("""
                            select n.document_type, n.series, n.number, n.formatted, n.fate
                              from platform.number_register n
                              left join platform.document_register d on d.distributor_id = n.distributor_id and d.document_id = n.document_id
                             where n.distributor_id = any(:scope) and n.distributor_id = :distributor and n.document_type in ('INVOICE', 'CREDIT_NOTE', 'DEBIT_NOTE', 'DELIVERY_CHALLAN') and coalesce(d.business_date, n.voided_on) between :from and :to
                             order by n.document_type, n.series, n.number""")
                    .param("scope", scope.distributors().toArray(Long[]::new)).param("distributor", distributorId).param("from", from).param("to", to)
                    .query((row, _) -> new Gstr1.Number(nature(row.getString(1)), row.getString(2), row.getLong(3), row.getString(4), !row.getString(5).equals("POSTED"))).list();
            var goods = Gstr1.goods(Gstr1.goods(rows.goods(scope, distributorId, from, to), since.more, 1), since.less, -1);
            var shipments = ExportShipments.of(db, distributorId, from, to);
            for (var row : since.restated.late()) if (row.buyerRegistration().equals("EXPORT")) ExportShipments.of(db, distributorId, row.id()).ifPresent(details -> shipments.put(row.id(), details));
            for (var row : since.restated.shipped()) ExportShipments.of(db, distributorId, row.id()).ifPresent(details -> shipments.put(row.id(), details));
            var gstr1 = Gstr1.of(gstin, state, month, all, since.restated, goods, Gstr1.runs(numbers), law, shipments);
            var input = books.turnover(scope, distributorId, from, to).stream().filter(balance -> balance.account() == 1500).toList();
            var missing = db.sql("""
                            select document_id, number, state from tax.portal_document
                             where distributor_id = any(:scope) and distributor_id = :distributor and task = 'E_INVOICE' and business_date between :from and :to and state not in ('REGISTERED', 'CANCELLED', 'CANCELLING')
                             order by number""")
                    .param("scope", scope.distributors().toArray(Long[]::new)).param("distributor", distributorId).param("from", from).param("to", to)
                    .query((row, _) -> new Unregistered(row.getObject(1, UUID.class), row.getString(2), row.getString(3))).list();
            var undone = since.restated.undone();
            var stated = new ArrayList<>(all);
            stated.addAll(since.restated.late());
            var booked = new ArrayList<>(rows.booked(scope, distributorId, from, to));
            booked.addAll(since.inBooks);
            return new Month(gstr1, Gstr3b.of(stated, undone), input, check(stated, undone, booked, missing), List.copyOf(stated), undone.stream().map(TaxRows.Row::id).distinct().toList());
        });
    }

    private static int nature(String type) {
        return switch (type) {
            case "DEBIT_NOTE" -> 4;
            case "CREDIT_NOTE" -> 5;
            case "DELIVERY_CHALLAN" -> 12;
            default -> 1;
        };
    }

    static Check check(List<TaxRows.Row> documents, List<TaxRows.Row> undone, List<TaxRows.Booked> ledger, List<Unregistered> unregistered) {
        var stated = new LinkedHashMap<UUID, Tax>();
        var numbers = new HashMap<UUID, String>();
        for (var row : documents) {
            numbers.put(row.id(), row.number());
            if (row.cancelled()) continue;
            var tax = new Tax(row.cgst(), row.sgst(), row.igst(), row.cess());
            stated.merge(row.id(), row.kind().equals("CREDIT_NOTE") ? Tax.NONE.minus(tax) : tax, Tax::plus);
        }
        for (var row : undone) {
            numbers.put(row.id(), row.number());
            var tax = new Tax(row.cgst(), row.sgst(), row.igst(), row.cess());
            stated.merge(row.id(), row.kind().equals("CREDIT_NOTE") ? tax : Tax.NONE.minus(tax), Tax::plus);
        }
        var booked = new HashMap<UUID, Tax>();
        for (var one : ledger) booked.merge(one.documentId(), new Tax(one.cgst(), one.sgst(), one.igst(), one.cess()), Tax::plus);
        var differences = new ArrayList<Difference>();
        var ids = new LinkedHashSet<UUID>(stated.keySet());
        ids.addAll(booked.keySet());
        for (var id : ids) {
            var one = stated.getOrDefault(id, Tax.NONE);
            var other = booked.getOrDefault(id, Tax.NONE);
            if (!one.minus(other).isZero()) differences.add(new Difference(id, numbers.get(id), one, other));
        }
        var inReturn = stated.values().stream().reduce(Tax.NONE, Tax::plus);
        var inBooks = booked.values().stream().reduce(Tax.NONE, Tax::plus);
        return new Check(differences.isEmpty(), inReturn, inBooks, inReturn.minus(inBooks), List.copyOf(differences), List.copyOf(unregistered));
    }

    public sealed interface FileOutcome {
        /// `replayed` if it was recorded before.
        record Done(ReturnFilings.Filed filed, boolean replayed) implements FileOutcome {}

        /// The month is filed already, under another number.
        record FiledAlready(ReturnFilings.Filed filed) implements FileOutcome {}

        /// The filing date must be from `earliest` to `latest`.
        record DateClosed(LocalDate earliest, LocalDate latest) implements FileOutcome {}

        /// Returns are filed month by month (s.37(4)); this one comes next.
        record OutOfOrder(YearMonth next) implements FileOutcome {}

        /// The return and the books say different things.
        record Differs(Check check) implements FileOutcome {}
    }

    /// Records that a month's GSTR-1 was filed, and keeps it as it stands. From then on the month is never changed.
    ///
    /// @param arn what the portal answered
    public FileOutcome file(RowScope scope, long distributorId, YearMonth month, String gstin, String state, String arn, LocalDate filedOn, Actor actor) {
        return transactions.idempotent().write(distributorId, db -> {
            var known = filings.list(db, distributorId);
            for (var one : known)
                if (one.month().equals(month)) return one.arn().equals(arn) && one.filedOn().equals(filedOn) ? new FileOutcome.Done(one, true) : new FileOutcome.FiledAlready(one);
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var today = LocalDate.ofInstant(now, EwayBill.ZONE);
            if (!filedOn.isAfter(month.atEndOfMonth()) || filedOn.isAfter(today)) return new FileOutcome.DateClosed(month.plusMonths(1).atDay(1), today);
            if (!known.isEmpty() && !known.getLast().month().plusMonths(1).equals(month)) return new FileOutcome.OutOfOrder(known.getLast().month().plusMonths(1));
            var found = month(scope, distributorId, month, gstin, state);
            if (!found.check.equal) return new FileOutcome.Differs(found.check);
            var filed = new ReturnFilings.Filed(month, gstin, arn, filedOn, now, actor.username());
            if (!filings.keep(db, distributorId, filed, found)) {
                // somebody else recorded it at the same moment
                var other = filings.of(db, distributorId, month).orElseThrow().filed();
                return other.arn().equals(arn) && other.filedOn().equals(filedOn) ? new FileOutcome.Done(other, true) : new FileOutcome.FiledAlready(other);
            }
            chain.append(distributorId, List.of(new AuditTrail.Entry(distributorId, now, actor.username(), null, "FILED", "gstr1", AuditChain.idOf(distributorId), month.atEndOfMonth(),
                    Fingerprint.json(Map.of("month", month.toString(), "arn", arn, "filedOn", filedOn.toString())))));
            return new FileOutcome.Done(filed, false);
        });
    }

    /// The filed months, the latest first.
    public List<ReturnFilings.Filed> filed(RowScope scope, long distributorId) {
        return transactions.read(scope, db -> filings.list(db, distributorId)).reversed();
    }

    /// The file as the portal took it.
    public Optional<String> file(RowScope scope, long distributorId, YearMonth month) {
        return transactions.read(scope, db -> filings.file(db, distributorId, month));
    }

    /// When the month's GSTR-1 is due: the 11th of the next month.
    public static LocalDate dueOn(YearMonth month) {
        return month.plusMonths(1).atDay(11);
    }
}
