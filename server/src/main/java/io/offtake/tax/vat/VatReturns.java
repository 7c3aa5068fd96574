package io.offtake.tax.vat;

import io.offtake.network.Sellers;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.PostedDocuments;
import io.offtake.tax.Purchases;
import io.offtake.tax.TaxBooks;
import io.offtake.tax.TaxDocument;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/// The return of a month, from the posted documents, beside what the books say of the same days (domain/05b section 5b.1).
@Service
class VatReturns {
    private static final int OUTPUT_TAX = 2200;

    private final PostedDocuments documents;
    private final TaxBooks books;
    private final Purchases purchases;
    private final Sellers sellers;
    private final TenantTransaction transactions;
    private final EtimsStore etims;

    VatReturns(PostedDocuments documents, TaxBooks books, Purchases purchases, Sellers sellers, TenantTransaction transactions, EtimsStore etims) {
        this.documents = documents;
        this.books = books;
        this.purchases = purchases;
        this.sellers = sellers;
        this.transactions = transactions;
        this.etims = etims;
    }

    /// @param section    of the form: what was sold at which rate; null for one the form does not name
    /// @param kind       TAXABLE, ZERO_RATED, EXEMPT or NON_GST
    /// @param rate       a fraction
    /// @param documents  how many invoices and credit notes; 0 for purchases
    record Row(@Nullable String section, String kind, BigDecimal rate, BigDecimal taxable, BigDecimal tax, int documents) {}

    /// @param payable     output less input tax; negative is a credit carried forward
    /// @param booked      the same from the ledgers' tax accounts
    /// @param tied        whether documents and books agree to the cent
    /// @param unstamped   documents of the month the control unit has not stamped: to be settled before filing; null where none is kept
    record VatReturn(long distributorId, String regime, String form, String month, LocalDate from, LocalDate to, String currency, List<Row> sales, List<Row> purchases, BigDecimal outputTax,
                     BigDecimal inputTax, BigDecimal payable, Booked booked, boolean tied, @Nullable Integer unstamped) {}

    record Booked(BigDecimal outputTax, BigDecimal inputTax) {}

    /// @param threshold   of twelve months' taxable turnover, from which a seller has to register
    /// @param mustRegister the turnover reached it and the seller is not registered
    record Registration(long distributorId, String regime, String registration, LocalDate from, LocalDate to, BigDecimal turnover, BigDecimal threshold, String source, String currency,
                        boolean mustRegister) {}

    private record Key(String kind, BigDecimal rate) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return Comparator.comparing(Key::kind).reversed().thenComparing(Key::rate, Comparator.reverseOrder()).compare(this, other);
        }
    }

    private static final class Sum {
        private BigDecimal taxable = BigDecimal.ZERO;
        private BigDecimal tax = BigDecimal.ZERO;
        private int documents;
    }

    /// The return of a distributor under a VAT.
    VatReturn of(RowScope scope, long distributorId, YearMonth month) {
        var seller = seller(distributorId);
        var country = country(seller);
        var from = month.atDay(1);
        var to = month.atEndOfMonth();
        var sums = new TreeMap<Key, Sum>();
        int unstamped = 0;
        for (var document : documents.of(scope, distributorId, from, to)) {
            if (document.cancelled()) continue;
            for (var kind : sold(document).entrySet()) {
                var sum = sums.computeIfAbsent(kind.getKey(), _ -> new Sum());
                sum.taxable = sum.taxable.add(kind.getValue().taxable);
                sum.tax = sum.tax.add(kind.getValue().tax);
                sum.documents++;
            }
            if (country.clearance() != null && etims.original(distributorId, document.id()).filter(stamp -> stamp.state() == EtimsState.STAMPED).isEmpty()) unstamped++;
        }
        var sales = new ArrayList<Row>();
        sums.forEach((key, sum) -> sales.add(new Row(country.section("SALES", key.kind, key.rate), key.kind, key.rate, sum.taxable, sum.tax, sum.documents)));
        var bought = purchases.byRate(scope, distributorId, from, to).stream().map(row -> {
            var kind = row.rate().signum() == 0 ? "ZERO_RATED" : "TAXABLE";
            var rate = row.rate().stripTrailingZeros();
            return new Row(country.section("PURCHASES", kind, rate), kind, rate.scale() < 0 ? rate.setScale(0) : rate, row.taxable(), row.tax(), 0);
        }).toList();
        var output = sales.stream().map(Row::tax).reduce(BigDecimal.ZERO, BigDecimal::add);
        var input = bought.stream().map(Row::tax).reduce(BigDecimal.ZERO, BigDecimal::add);
        var turnover = books.turnover(scope, distributorId, from, to);
        var booked = new Booked(total(turnover, true), total(turnover, false));
        return new VatReturn(distributorId, seller.taxRegime(), country.returnForm(), month.toString(), from, to, seller.currency(), sales, bought, output, input, output.subtract(input), booked,
                booked.outputTax.compareTo(output) == 0 && booked.inputTax.compareTo(input) == 0, country.clearance() == null ? null : unstamped);
    }

    private static BigDecimal total(List<TaxBooks.Balance> turnover, boolean output) {
        return turnover.stream().filter(row -> row.account() == OUTPUT_TAX == output).map(TaxBooks.Balance::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /// What a document sold, by kind and rate; a credit note takes back.
    private static TreeMap<Key, Sum> sold(TaxDocument document) {
        var sums = new TreeMap<Key, Sum>();
        boolean back = document.isCredit();
        for (var line : document.lines()) {
            var rate = line.rate().stripTrailingZeros();
            var kind = line.kind() == null ? "NON_GST" : line.kind().equals("NIL") ? "ZERO_RATED" : line.kind();
            var sum = sums.computeIfAbsent(new Key(kind, rate.scale() < 0 ? rate.setScale(0) : rate), _ -> new Sum());
            sum.taxable = back ? sum.taxable.subtract(line.taxable()) : sum.taxable.add(line.taxable());
            sum.tax = back ? sum.tax.subtract(line.tax()) : sum.tax.add(line.tax());
        }
        return sums;
    }

    /// How a seller stands to the duty to register, by the twelve months up to the seller's day.
    Registration registration(RowScope scope, long distributorId, Instant now) {
        var seller = seller(distributorId);
        var on = LocalDate.ofInstant(now, ZoneId.of(seller.timeZone()));
        country(seller);
        record Threshold(BigDecimal amount, String source) {}
        var threshold = transactions.shared(db -> db.sql("""
                        select amount, source from tax.vat_threshold
                         where regime = :regime and what = 'REGISTRATION' and valid_from <= :on order by valid_from desc limit 1""")
                .param("regime", seller.taxRegime()).param("on", on).query(Threshold.class).optional()).orElse(new Threshold(BigDecimal.ZERO, ""));
        var from = on.minusYears(1).plusDays(1);
        var turnover = BigDecimal.ZERO;
        for (var document : documents.of(scope, distributorId, from, on)) {
            if (document.cancelled()) continue;
            for (var line : document.lines()) {
                if ("EXEMPT".equals(line.kind())) continue;
                turnover = document.isCredit() ? turnover.subtract(line.taxable()) : turnover.add(line.taxable());
            }
        }
        var registration = seller.registration().name();
        return new Registration(distributorId, seller.taxRegime(), registration, from, on, turnover, threshold.amount, threshold.source, seller.currency(),
                registration.equals("UNREGISTERED") && threshold.amount.signum() > 0 && turnover.compareTo(threshold.amount) >= 0);
    }

    private Sellers.Seller seller(long distributorId) {
        return transactions.shared(db -> sellers.seller(db, distributorId));
    }

    private static VatCountry country(Sellers.Seller seller) {
        return VatCountries.of(seller.taxRegime()).orElseThrow(() -> Problem.of(ProblemCode.ILLEGAL_STATE, "This distributor is under " + seller.taxRegime() + ", which has no VAT return.").rule("05b 5b.1")
                .with("state", seller.taxRegime()).with("accepted", VatCountries.regimes()).exception());
    }
}
