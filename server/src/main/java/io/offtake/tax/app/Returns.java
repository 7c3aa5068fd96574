package io.offtake.tax.app;

import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.TaxBooks;
import io.offtake.tax.TaxRows;
import io.offtake.tax.india.Gstr1;
import io.offtake.tax.india.Gstr3b;
import io.offtake.tax.store.LawStore;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/// The monthly returns, and the proof that they say what the books say.
@Service
public class Returns {
    private final TenantTransaction transactions;
    private final TaxRows rows;
    private final TaxBooks books;

    Returns(TenantTransaction transactions, TaxRows rows, TaxBooks books) {
        this.transactions = transactions;
        this.rows = rows;
        this.books = books;
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

    public record Month(Gstr1 gstr1, Gstr3b gstr3b, List<TaxBooks.Balance> inputTax, Check check) {}

    /// @param state of the registration
    public Month month(RowScope scope, long distributorId, YearMonth month, String gstin, String state) {
        var from = month.atDay(1);
        var to = month.atEndOfMonth();
        return transactions.read(scope, db -> {
            var law = LawStore.law(db);
            var all = rows.documents(scope, distributorId, from, to);
            var numbers = db.sql("""
                            select n.document_type, n.series, n.number, n.formatted, n.fate
                              from platform.number_register n
                              left join platform.document_register d on d.distributor_id = n.distributor_id and d.document_id = n.document_id
                             where n.distributor_id = any(:scope) and n.distributor_id = :distributor and n.document_type in ('INVOICE', 'CREDIT_NOTE', 'DEBIT_NOTE') and coalesce(d.business_date, n.voided_on) between :from and :to
                             order by n.document_type, n.series, n.number""")
                    .param("scope", scope.distributors().toArray(Long[]::new)).param("distributor", distributorId).param("from", from).param("to", to)
                    .query((row, _) -> new Gstr1.Number(nature(row.getString(1)), row.getString(2), row.getLong(3), row.getString(4), !row.getString(5).equals("POSTED"))).list();
            var gstr1 = Gstr1.of(gstin, state, month, all, rows.goods(scope, distributorId, from, to), Gstr1.runs(numbers), law);
            var input = books.turnover(scope, distributorId, from, to).stream().filter(balance -> balance.account() == 1500).toList();
            var missing = db.sql("""
                            select document_id, number, state from tax.portal_document
                             where distributor_id = any(:scope) and distributor_id = :distributor and task = 'E_INVOICE' and business_date between :from and :to and state not in ('REGISTERED', 'CANCELLED', 'CANCELLING')
                             order by number""")
                    .param("scope", scope.distributors().toArray(Long[]::new)).param("distributor", distributorId).param("from", from).param("to", to)
                    .query((row, _) -> new Unregistered(row.getObject(1, UUID.class), row.getString(2), row.getString(3))).list();
            return new Month(gstr1, Gstr3b.of(all), input, check(all, rows.booked(scope, distributorId, from, to), missing));
        });
    }

    private static int nature(String type) {
        return switch (type) {
            case "DEBIT_NOTE" -> 4;
            case "CREDIT_NOTE" -> 5;
            default -> 1;
        };
    }

    static Check check(List<TaxRows.Row> documents, List<TaxRows.Booked> ledger, List<Unregistered> unregistered) {
        var stated = new LinkedHashMap<UUID, Tax>();
        var numbers = new HashMap<UUID, String>();
        for (var row : documents) {
            numbers.put(row.id(), row.number());
            if (row.cancelled()) continue;
            var tax = new Tax(row.cgst(), row.sgst(), row.igst(), row.cess());
            stated.merge(row.id(), row.kind().equals("CREDIT_NOTE") ? Tax.NONE.minus(tax) : tax, Tax::plus);
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

    /// When the month's GSTR-1 is due: the 11th of the next month.
    public static LocalDate dueOn(YearMonth month) {
        return month.plusMonths(1).atDay(11);
    }
}
