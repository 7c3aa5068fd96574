package io.offtake.tax.ubl;

import io.offtake.tax.TaxDocument;
import io.offtake.tax.TaxDocument.Discount;
import io.offtake.tax.TaxDocument.Line;
import io.offtake.tax.TaxPacks;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A posted document in the terms of EN 16931 (domain/05b section 5b.3): the numbers of the document, none computed anew but
/// sums. What the norm cannot express is said, never bent.
///
/// @param currency BT-5
/// @param lines    BG-25, one for each billed and each free line
/// @param allowances BG-20: what the schemes of stages GROUP and BILL gave, one for each category and rate (PX-26)
/// @param taxes    BG-23
record Ubl(TaxDocument document, String currency, List<Item> lines, List<Allowance> allowances, List<Breakdown> taxes, Totals totals) {
    private static final Set<String> OF_THE_BILL = Set.of("GROUP", "BILL");
    private static final BigDecimal HUNDRED = new BigDecimal(100);
    /// BR-CO-17 lets the tax of a category differ from value × rate by less than this.
    private static final BigDecimal TAX_TOLERANCE = BigDecimal.ONE;
    private static final BigDecimal LINE_TOLERANCE = new BigDecimal("0.02");

    /// What a document cannot be sent for, in the words of a refusal.
    record Gap(String pointer, String detail, String accepted) {}

    /// Thrown with everything that stands in the way.
    static final class NotRepresentable extends RuntimeException {
        private final transient List<Gap> gaps;

        NotRepresentable(List<Gap> gaps) {
            super(gaps.toString(), null, false, false);
            this.gaps = List.copyOf(gaps);
        }

        List<Gap> gaps() {
            return gaps;
        }
    }

    /// A VAT category with its rate in percent; `reason` where no tax is charged (BT-120).
    /// @param code    S, Z, E, G or O
    /// @param percent null for O, which has none
    record Category(String code, @Nullable BigDecimal percent, @Nullable String reason) implements Comparable<Category> {
        @Override
        public int compareTo(Category other) {
            return Comparator.comparing(Category::code).thenComparing(category -> category.percent == null ? BigDecimal.ZERO : category.percent).compare(this, other);
        }
    }

    /// @param charge  true adds, false takes off
    /// @param base    what `percent` would be of; null if the amount stands alone
    record Allowance(boolean charge, BigDecimal amount, String code, String reason, @Nullable Category category) {}

    record Item(Line line, int number, BigDecimal price, BigDecimal net, List<Allowance> allowances, Category category) {}

    record Breakdown(Category category, BigDecimal taxable, BigDecimal tax) {}

    /// BT-106 to BT-115.
    record Totals(BigDecimal lines, BigDecimal allowances, BigDecimal charges, BigDecimal exclusive, BigDecimal tax, BigDecimal inclusive, BigDecimal prepaid, BigDecimal rounding,
                  BigDecimal due) {}

    /// @throws NotRepresentable naming everything the norm has no place for
    static Ubl of(TaxDocument document) {
        var gaps = new ArrayList<Gap>();
        if (document.scale() > 2) gaps.add(new Gap("/currency", "EN 16931 knows amounts of two decimals, " + document.currency() + " has " + document.scale(), "A document in a currency of at most two decimals"));
        if (country(document.seller().stateCode()) == null) gaps.add(new Gap("/seller/stateCode", "\"" + document.seller().stateCode() + "\" is no country (BT-40)", "The country of the distributor"));
        if (country(document.buyer().stateCode()) == null) gaps.add(new Gap("/outlet/stateCode", "\"" + document.buyer().stateCode() + "\" is no country (BT-55)", "The country of the outlet"));
        if (document.lines().stream().anyMatch(line -> line.heads().containsKey("CESS"))) gaps.add(new Gap("/totals/cess", "EN 16931 has no place for a cess beside the tax (05b section 5b.3)", "A document without cess"));
        if (!gaps.isEmpty()) throw new NotRepresentable(gaps);
        boolean onlyOutside = document.lines().stream().allMatch(line -> line.kind() == null || line.kind().equals("NON_GST"));
        var items = new ArrayList<Item>();
        var ofTheBill = new TreeMap<Category, BigDecimal>();
        var taxables = new TreeMap<Category, BigDecimal>();
        var taxes = new TreeMap<Category, BigDecimal>();
        for (var line : document.lines()) {
            var category = category(document, line, onlyOutside);
            var item = item(line, items.size() + 1, category, ofTheBill);
            items.add(item);
            taxables.merge(category, line.taxable(), BigDecimal::add);
            taxes.merge(category, line.tax(), BigDecimal::add);
        }
        var breakdown = taxables.entrySet().stream().map(entry -> new Breakdown(entry.getKey(), entry.getValue(), taxes.get(entry.getKey()))).toList();
        for (var row : breakdown) {
            var percent = row.category.percent == null ? BigDecimal.ZERO : row.category.percent;
            var expected = row.taxable.multiply(percent).divide(HUNDRED, 2, RoundingMode.HALF_UP);
            if (expected.subtract(row.tax).abs().compareTo(TAX_TOLERANCE) >= 0)
                gaps.add(new Gap("/taxes", "The tax at " + percent.toPlainString() + " % is " + row.tax.toPlainString() + ", the norm expects " + expected.toPlainString() + " (BR-CO-17): its base is not the price",
                        "A document taxed on its price"));
        }
        if (!gaps.isEmpty()) throw new NotRepresentable(gaps);
        var allowances = ofTheBill.entrySet().stream().map(entry -> new Allowance(false, entry.getValue(), "95", "Discount", entry.getKey())).toList();
        return new Ubl(document, document.currency(), items, allowances, breakdown, totals(document, items, allowances));
    }

    private static Totals totals(TaxDocument document, List<Item> items, List<Allowance> allowances) {
        var lines = sum(items.stream().map(Item::net).toList());
        var off = sum(allowances.stream().map(Allowance::amount).toList());
        var exclusive = lines.subtract(off);
        var inclusive = exclusive.add(document.totals().tax());
        boolean paid = !document.isCredit() && !document.paymentMode().equals("CREDIT");
        var prepaid = paid ? document.totals().payable() : zero(document);
        return new Totals(lines, off, zero(document), exclusive, document.totals().tax(), inclusive, prepaid, document.totals().rounding(),
                inclusive.subtract(prepaid).add(document.totals().rounding()));
    }

    /// The line's own net amount (BT-131): gross less what was given on the line. What the bill's schemes gave goes to `ofTheBill`.
    private static Item item(Line line, int number, Category category, Map<Category, BigDecimal> ofTheBill) {
        if (line.inclusive()) {     // the norm's prices are without tax: the benefit is in the price
            return new Item(line, number, line.taxable().divide(line.qty(), new MathContext(line.taxable().precision() + 12)), line.taxable(), List.of(), category);
        }
        var allowances = new ArrayList<Allowance>();
        var given = BigDecimal.ZERO;
        for (var discount : line.discounts()) {
            given = given.add(discount.amount());
            if (OF_THE_BILL.contains(discount.stage())) ofTheBill.merge(category, discount.amount(), BigDecimal::add);
            else allowances.add(new Allowance(false, discount.amount(), "95", reason(discount), null));
        }
        var moved = line.gross().subtract(given).subtract(line.taxable());     // value shared with free goods (EX-11)
        if (moved.signum() != 0) allowances.add(new Allowance(moved.signum() < 0, moved.abs(), moved.signum() < 0 ? "ZZZ" : "100", "Shared with free goods", null));
        var net = line.gross();
        for (var allowance : allowances) net = allowance.charge ? net.add(allowance.amount) : net.subtract(allowance.amount);
        var price = line.unitPrice();
        if (line.free() || price.multiply(line.qty()).subtract(line.gross()).abs().compareTo(LINE_TOLERANCE) > 0) {
            price = line.gross().signum() == 0 ? BigDecimal.ZERO : line.gross().divide(line.qty(), new MathContext(line.gross().precision() + 12));
        }
        return new Item(line, number, price, net, allowances, category);
    }

    private static String reason(Discount discount) {
        return discount.code().isEmpty() ? "Discount" : "Scheme " + discount.code();
    }

    private static Category category(TaxDocument document, Line line, boolean onlyOutside) {
        var taxName = TaxPacks.of(document.regime()).paper(document.kind(), "REGULAR", true).taxName();
        var tax = taxName.isEmpty() ? "VAT" : taxName;
        if (onlyOutside) return new Category("O", null, line.kind() == null ? "The seller charges no " + tax : "Not subject to " + tax);
        var percent = line.rate().multiply(HUNDRED).stripTrailingZeros();
        var zero = BigDecimal.ZERO;
        return switch (line.kind() == null ? "NON_GST" : line.kind()) {
            case "TAXABLE" -> new Category("S", percent.scale() < 0 ? percent.setScale(0) : percent, null);
            case "NIL", "ZERO_RATED" -> abroad(document) ? new Category("G", zero, "Export") : new Category("Z", zero, null);
            case "EXEMPT" -> new Category("E", zero, "Exempt from " + tax);
            // the norm forbids O beside other categories (BR-O-11)
            default -> new Category("E", zero, "Not subject to " + tax);
        };
    }

    private static boolean abroad(TaxDocument document) {
        return !java.util.Objects.equals(country(document.seller().stateCode()), country(document.buyer().stateCode()));
    }

    /// ISO 3166-1 alpha-2 of a party's place: a State of India is in India; null for what is no country.
    static @Nullable String country(String stateCode) {
        if (stateCode.matches("[0-9]{2}")) return stateCode.equals("96") ? null : "IN";
        return Set.of(java.util.Locale.getISOCountries()).contains(stateCode) ? stateCode : null;
    }

    private static BigDecimal sum(List<BigDecimal> amounts) {
        return amounts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal zero(TaxDocument document) {
        return BigDecimal.ZERO.setScale(document.scale());
    }
}
