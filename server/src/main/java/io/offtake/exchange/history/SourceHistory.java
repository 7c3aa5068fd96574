package io.offtake.exchange.history;

import io.offtake.exchange.history.SourceFile.Row;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a file of invoice lines says, sorted into documents, items and customers, and what of it is not taken, with the reason.
///
/// Within a day the invoices come first and the credit notes after them, each in the order of the file; opening stock is
/// derived in the same order: the least that lets every invoice find its goods.
record SourceHistory(List<Row> rows, List<Document> documents, Map<String, Item> items, Map<Customer, String> customers, List<NotTaken> notTaken) {

    /// @param number as the source has it
    record Document(String number, boolean credit, LocalDate on, Customer customer, List<Row> rows) {}

    /// @param id empty for the walk-in customers of a country
    record Customer(String id, String country) {}

    /// @param name    the description it has most often
    /// @param aliases its other descriptions
    /// @param charge  postage, fees and the like: nothing that lies in a warehouse
    /// @param opening pieces that must have been there before the first document
    record Item(String code, String name, List<String> aliases, boolean charge, BigDecimal priceMax, BigDecimal opening) {}

    enum Reason {
        STOCK_ADJUSTMENT("a stock adjustment of the wholesaler: pieces written off without a sale"),
        FREE("a row without a price: nothing to bill, and the source does not say what moved"),
        NEGATIVE_PRICE("a price below zero: an adjustment of the books, not of a sale"),
        FRACTION("a quantity that is no whole number of pieces");

        final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    record NotTaken(Row row, Reason reason) {}

    private static final Set<String> CHARGES = Set.of("POST", "D", "C2", "DOT", "M", "BANK CHARGES", "S", "AMAZONFEE", "CRUK", "B");

    static boolean isCharge(String code) {
        return CHARGES.contains(code.toUpperCase(Locale.ROOT)) || code.startsWith("gift_");
    }

    static SourceHistory of(List<Row> rows) {
        var notTaken = new ArrayList<NotTaken>();
        var byNumber = new LinkedHashMap<String, List<Row>>();
        for (var row : rows) {
            var reason = reason(row);
            if (reason == null) byNumber.computeIfAbsent(row.invoice(), _ -> new ArrayList<>()).add(row);
            else notTaken.add(new NotTaken(row, reason));
        }
        var documents = new ArrayList<Document>();
        byNumber.forEach((number, lines) -> {
            var first = lines.getFirst();
            documents.add(new Document(number, first.isCredit(), first.at().toLocalDate(), new Customer(first.customer(), first.country()), List.copyOf(lines)));
        });
        documents.sort(Comparator.comparing(Document::on).thenComparing(Document::credit));
        return new SourceHistory(List.copyOf(rows), List.copyOf(documents), items(rows, documents), customers(documents), List.copyOf(notTaken));
    }

    private static @org.jspecify.annotations.Nullable Reason reason(Row row) {
        if (row.price().signum() < 0) return Reason.NEGATIVE_PRICE;
        if (row.qty().signum() <= 0 && !row.isCredit()) return Reason.STOCK_ADJUSTMENT;
        if (row.price().signum() == 0) return Reason.FREE;
        if (row.qty().stripTrailingZeros().scale() > 0) return Reason.FRACTION;
        return null;
    }

    private static Map<String, Item> items(List<Row> rows, List<Document> documents) {
        var names = new HashMap<String, Map<String, Integer>>();
        for (var row : rows) {
            if (!row.description().isEmpty()) names.computeIfAbsent(row.code(), _ -> new LinkedHashMap<>()).merge(row.description(), 1, Integer::sum);
        }
        var there = new HashMap<String, BigDecimal>();
        var least = new HashMap<String, BigDecimal>();
        var dearest = new TreeMap<String, BigDecimal>();
        for (var document : documents) {
            for (var row : document.rows()) {
                dearest.merge(row.code(), row.price(), BigDecimal::max);
                var left = there.merge(row.code(), row.qty().negate(), BigDecimal::add);
                // within one document all rows count together, as the posting sees them
                least.merge(row.code(), left, BigDecimal::min);
            }
        }
        var items = new LinkedHashMap<String, Item>();
        dearest.forEach((code, price) -> {
            var known = names.getOrDefault(code, Map.of()).entrySet().stream().sorted(Map.Entry.<String, Integer>comparingByValue().reversed()).map(Map.Entry::getKey).toList();
            boolean charge = isCharge(code);
            items.put(code, new Item(code, known.isEmpty() ? code : known.getFirst(), known.isEmpty() ? List.of() : known.subList(1, known.size()), charge,
                    price.setScale(2, RoundingMode.UP), charge ? BigDecimal.ZERO : least.get(code).negate().max(BigDecimal.ZERO)));
        });
        return items;
    }

    /// Codes by customer: the source's own, with the country where one customer has several.
    private static Map<Customer, String> customers(List<Document> documents) {
        var countries = new HashMap<String, String>();
        var codes = new LinkedHashMap<Customer, String>();
        for (var document : documents) {
            var customer = document.customer();
            if (codes.containsKey(customer)) continue;
            if (customer.id().isEmpty()) codes.put(customer, "WALK-IN-" + plain(customer.country()));
            else codes.put(customer, countries.putIfAbsent(customer.id(), customer.country()) == null ? customer.id() : customer.id() + "-" + plain(customer.country()));
        }
        return codes;
    }

    private static String plain(String country) {
        return country.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]+", "-");
    }

    /// Sums that must be found again in the books.
    ///
    /// @param value sum of quantity × price, credit notes below zero
    record Totals(int rows, int invoices, int creditNotes, BigDecimal qty, BigDecimal value) {
        static final Totals ZERO = new Totals(0, 0, 0, BigDecimal.ZERO, BigDecimal.ZERO.setScale(2));

        Totals plus(Totals other) {
            return new Totals(rows + other.rows, invoices + other.invoices, creditNotes + other.creditNotes, qty.add(other.qty), value.add(other.value));
        }

        boolean agrees(Totals other) {
            return rows == other.rows && invoices == other.invoices && creditNotes == other.creditNotes && qty.compareTo(other.qty) == 0 && value.compareTo(other.value) == 0;
        }
    }

    /// All that the file holds, by month; an invoice counts in the month of its first row.
    Map<String, Totals> totals() {
        var seen = new java.util.HashSet<String>();
        var sums = new TreeMap<String, Totals>();
        for (var row : rows) sums.merge(month(row), counted(row, seen), Totals::plus);
        return sums;
    }

    /// What is not taken, by month; a document counts where none of its rows is taken.
    Map<String, Totals> totalsNotTaken() {
        var seen = new java.util.HashSet<String>();
        documents.forEach(document -> seen.add(document.number()));
        var sums = new TreeMap<String, Totals>();
        for (var one : notTaken) sums.merge(month(one.row), counted(one.row, seen), Totals::plus);
        return sums;
    }

    private static Totals counted(Row row, Set<String> seen) {
        boolean first = seen.add(row.invoice());
        return new Totals(1, first && !row.isCredit() ? 1 : 0, first && row.isCredit() ? 1 : 0, row.qty(), row.value());
    }

    private static String month(Row row) {
        return row.at().toLocalDate().toString().substring(0, 7);
    }
}
