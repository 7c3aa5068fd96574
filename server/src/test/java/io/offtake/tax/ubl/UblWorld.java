package io.offtake.tax.ubl;

import io.offtake.billing.domain.InvoiceViews;
import io.offtake.billing.domain.PrintedFacts;
import io.offtake.billing.domain.TaxDocuments;
import io.offtake.catalog.SkuNames;
import io.offtake.network.Printed;
import io.offtake.rules.CommandJson;
import io.offtake.rules.Decision;
import io.offtake.rules.Engine;
import io.offtake.rules.RuleBookJson;
import io.offtake.tax.TaxDocument;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/// Documents as our engine decides them: random baskets of a distributor in one of some countries, under schemes of every
/// stage, with every kind of tax rate. One seed, one document.
final class UblWorld {
    static final LocalDate DAY = LocalDate.of(2026, 11, 26);
    static final UblWriter.Endpoint SELLER = new UblWriter.Endpoint("0088", "7300010000001");
    static final UblWriter.Endpoint BUYER = new UblWriter.Endpoint("0088", "5790000436057");

    /// @param regime   of the pack
    /// @param standard the standard rate, a fraction
    private record Country(String regime, String state, String currency, int scale, String seller, String buyer, String standard, String reduced, String taxSystem, String document) {}

    private static final List<Country> COUNTRIES = List.of(
            new Country("KE_VAT", "KE", "KES", 2, "P051234567X", "P000111222Z", "0.16", "0.08", "VAT", "NONE"),
            new Country("IN_GST", "27", "INR", 2, "27ABCDE1234F1Z0", "27ABCDE1234F1Z0", "0.18", "0.05", "GST", "NEAREST_UNIT"),
            new Country("NONE", "GB", "GBP", 2, "GB123456789", "GB987654321", "0", "0", "GST", "NONE"));

    private static final List<String> HSN = List.of("340111", "190531", "340250", "220210", "961900", "300490", "040110", "110220");

    private UblWorld() {}

    /// The document of a seed; every fifth is a credit note.
    static TaxDocument document(int seed) {
        var random = new Random(seed);
        var country = COUNTRIES.get(seed % 5 < 3 ? 0 : seed % 5 == 3 ? 1 : 2);
        for (int tried = 0; ; tried++) {
            var decision = decide(country, random);
            if (decision instanceof Decision.Decided decided && !decided.lines().isEmpty()) return document(country, seed, seed % 5 == 4 || seed % 7 == 6, decided, random);
            if (tried == 20) throw new IllegalStateException("seed " + seed + ": " + decision);
        }
    }

    private static Decision decide(Country country, Random random) {
        boolean inclusive = random.nextInt(4) == 0;
        boolean export = country.regime.equals("KE_VAT") && random.nextInt(8) == 0;
        boolean untaxed = country.regime.equals("NONE");
        var skus = new ArrayList<String>();
        var prices = new ArrayList<String>();
        var rates = new ArrayList<String>();
        for (int at = 0; at < HSN.size(); at++) {
            skus.add("""
                    {"id":"%d","code":"S%d","hsn":"%s","principalId":"1","brandId":"%d","categoryId":"1","baseUnit":"%s","pts":"0.01","expiryTracked":false,
                     "units":[{"code":"CASE","num":12}]}""".formatted(at + 1, at + 1, HSN.get(at), at % 3, at % 4 == 0 ? "PCS" : at % 4 == 1 ? "BTL" : at % 4 == 2 ? "PKT" : "TIN"));
            var price = random.nextInt(3) == 0 ? random.nextInt(1, 400) + "." + (1000 + random.nextInt(9000)) : random.nextInt(1, 4000) + "." + (10 + random.nextInt(90));
            prices.add("{\"skuId\":\"" + (at + 1) + "\",\"price\":\"" + price + "\"}");
            var kind = untaxed ? "NON_GST" : export ? "NIL" : at == 4 ? "EXEMPT" : at == 6 ? "NIL" : at == 7 && random.nextInt(3) == 0 ? "NON_GST" : "TAXABLE";
            rates.add("{\"id\":\"" + at + "\",\"version\":1,\"hsn\":\"" + HSN.get(at) + "\",\"kind\":\"" + kind + "\",\"rate\":\"" + (kind.equals("TAXABLE") ? at % 3 == 1 ? country.reduced : country.standard : "0")
                    + "\",\"cess\":\"0\",\"validFrom\":20000}");
        }
        var schemes = List.of(
                scheme("11", "LINE-3", "LINE", "{\"type\":\"WHOLE_SLAB\",\"basis\":\"BASE_QTY\",\"slabs\":[{\"from\":\"5\",\"reward\":{\"percent\":\"0.03\"}}]}", "{\"skuIds\":[\"1\",\"2\"]}"),
                scheme("12", "GROUP-2", "GROUP", "{\"type\":\"DISCOUNT\",\"reward\":{\"percent\":\"0.02\"}}", "{\"skuIds\":[\"2\",\"3\",\"5\"]}"),
                scheme("13", "BILL-50", "BILL", "{\"type\":\"WHOLE_SLAB\",\"basis\":\"NET_VALUE\",\"slabs\":[{\"from\":\"900.00\",\"reward\":{\"fixed\":\"50.00\"}}]}", "{}"),
                scheme("14", "CONTRACT-1", "CONTRACT", "{\"type\":\"DISCOUNT\",\"reward\":{\"percent\":\"0.01\"}}", "{\"skuIds\":[\"4\",\"7\"]}"),
                scheme("15", "TEN-ONE", "FREE_GOODS", "{\"type\":\"FREE_GOODS\",\"buy\":\"10\",\"get\":\"1\",\"repeat\":true,\"inside\":false,\"tax\":\"" + (random.nextBoolean() ? "ZERO_PRICED" : "SINGLE_PRICE_ALLOCATED")
                        + "\",\"ifShort\":\"REFUSE\"}", "{\"skuIds\":[\"1\",\"6\"]}"));
        var chosen = schemes.stream().filter(_ -> random.nextInt(3) > 0).toList();
        var book = """
                {"seller":{"distributorId":"1","stateCode":"%s","registration":"REGULAR"},"currency":{"code":"%s","scale":%d},"taxSystem":{"type":"%s"%s},
                 "rounding":{"id":"1","version":1,"document":"%s"},"validFrom":20000,"validTo":21000,"principals":[{"id":"1","code":"P","stateCode":"%s","registration":"REGULAR"}],
                 "skus":[%s],"priceLists":[{"id":"7","version":1,"code":"NAT","level":"NATIONAL","key":{},"taxInclusive":%s,"validFrom":20000,"lines":[%s]}],
                 "schemes":[%s],"taxRates":[%s],"policy":{"floor":"OFF","mrpCeiling":"OFF"}}"""
                .formatted(country.state, country.currency, country.scale, country.taxSystem, country.taxSystem.equals("VAT") ? ",\"name\":\"VAT\"" : "", country.document, country.state, String.join(",", skus),
                        inclusive, String.join(",", prices), String.join(",", chosen), String.join(",", rates));
        var engine = Engine.of(RuleBookJson.read(book));
        var lines = new ArrayList<String>();
        int wanted = 1 + random.nextInt(random.nextInt(10) == 0 ? 40 : 8);
        for (int at = 1; at <= wanted; at++)
            lines.add("{\"line\":" + at + ",\"skuId\":\"" + (1 + random.nextInt(HSN.size())) + "\",\"qty\":\"" + (1 + random.nextInt(48)) + "\""
                    + (random.nextInt(6) == 0 ? ",\"manualDiscountPercent\":\"" + random.nextInt(1, 9) + ".5\",\"manualReason\":\"asked\"" : "") + "}");
        var batches = new ArrayList<String>();
        for (int sku = 1; sku <= HSN.size(); sku++)
            batches.add("{\"batchId\":\"" + new UUID(0, sku) + "\",\"skuId\":\"" + sku + "\",\"batchNo\":\"B" + sku + "\",\"saleable\":\"100000\",\"unitCost\":\"1.00\"}");
        var mode = List.of("CREDIT", "CASH", "UPI", "CHEQUE").get(random.nextInt(4));
        var command = """
                {"kind":"INVOICE","businessDate":%d,"saleType":"COUNTER","paymentMode":"%s","principalId":"1","outlet":{"id":"o","channel":"GT","class":"A","stateCode":"%s","registration":"REGULAR",
                 "blocked":false,"credit":[{"principalId":"1","exposure":"0.00","overdueDays":0,"termsDays":14}]},"lines":[%s],"batches":[%s],"approved":["PRICE_BELOW_FLOOR","CREDIT_LIMIT"]}"""
                .formatted(DAY.toEpochDay(), mode, export ? "UG" : country.state, String.join(",", lines), String.join(",", batches));
        return engine.decide(CommandJson.read(command, engine.book()));
    }

    private static String scheme(String id, String code, String stage, String mechanic, String products) {
        return "{\"id\":\"" + id + "\",\"version\":1,\"code\":\"" + code + "\",\"name\":\"" + code + "\",\"principalId\":\"1\",\"stage\":\"" + stage + "\",\"mechanic\":" + mechanic + ",\"products\":" + products
                + ",\"eligibility\":{},\"stacking\":\"CASCADE\",\"priority\":10,\"principalShare\":\"1\",\"claimable\":true,\"claimRate\":\"COST\",\"validFrom\":20000}";
    }

    private static TaxDocument document(Country country, int seed, boolean credit, Decision.Decided decided, Random random) {
        var header = new InvoiceViews.Header(new UUID(1, seed), credit ? "CREDIT_NOTE" : "INVOICE", (credit ? "C26/" : "K26/") + seed, "K26/", DAY, Instant.parse("2026-11-26T08:00:00Z"), "clerk", "COUNTER",
                "CREDIT", DAY.plusDays(14), 1, 1, new UUID(2, 1), null, credit ? new UUID(1, seed + 1000) : null, "NATIVE", "hash", "1");
        var seller = new Printed.Seller(1, "KT", "Kesar Traders", "Kesar Traders Ltd", "Moi Avenue 7", "Nairobi", "00100", "+254 20 1234567", country.seller, "REGULAR", country.state, null, null,
                random.nextBoolean() ? "Equity Bank 0123" : null, "UTC", country.currency, "LIVE", country.regime);
        var registered = random.nextBoolean();
        var buyer = new Printed.Buyer(new UUID(3, seed % 17), "O" + seed % 17, "Duka & Sons <" + seed % 17 + ">", null, "GT", "A", null, null, registered ? country.buyer : null, registered ? "REGULAR" : "UNREGISTERED",
                decided.placeOfSupply(), seed % 3 == 0 ? "" : "Market Road " + seed, "Kisumu", "", "", null, null, "ACTIVE");
        var names = new ArrayList<SkuNames.SkuName>();
        for (int sku = 1; sku <= HSN.size(); sku++) names.add(new SkuNames.SkuName(sku, "S" + sku, "Item \"" + sku + "\" & more", null, sku % 4 == 1 ? "PCS" : "TIN"));
        var original = credit ? new TaxDocument.Reference(new UUID(1, seed + 1000), "K26/" + (seed + 1000), DAY.minusDays(3)) : null;
        return TaxDocuments.of(header, decided, new PrintedFacts(seller, buyer, names, Map.of(), seed % 4 == 0 ? "Deliver before noon" : null), original, false);
    }

    /// As UBL for the network.
    static byte[] xml(TaxDocument document) {
        return UblWriter.write(Ubl.of(document), UblProfile.PEPPOL, SELLER, BUYER, Map.of(1L, "8901030865275"));
    }
}
