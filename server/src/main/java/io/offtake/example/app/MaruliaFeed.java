package io.offtake.example.app;

import io.offtake.access.Caller;
import io.offtake.access.Role;
import io.offtake.example.domain.Country;
import io.offtake.example.domain.Demand;
import io.offtake.example.domain.Goods;
import io.offtake.example.domain.Seed;
import io.offtake.example.domain.Shops;
import io.offtake.example.store.MaruliaMasters;
import io.offtake.exchange.FactFeeds;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import io.offtake.platform.RowScope;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// One sub-distributor of the example keeps a system of its own and sends files: three closed months at first, then a day at
/// a time. Its data are not all good: a shop nobody has mapped, a file whose totals do not hold, a day that has not come.
@Component
class MaruliaFeed {
    private static final Country.Distributor FED = new Country.Distributor("SV", "Sahyadri Vitran", "Sahyadri Vitran", "Leela Pawar", "PLATEAU-W", "27", "PLATEAU", "Bhorgaon", "412", "ABCFS4471R", "9820011213", 0.25, 18.150, 73.850);
    private static final String SYSTEM = "VYAPAR";
    private static final int OUTLETS = 30;
    private static final int BILLS = 8;
    private static final int SKUS = 40;
    /// In one order: a batch that is sent again at a later start has to be the same to the byte.
    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    private final MaruliaMasters masters;
    private final FactFeeds feeds;

    MaruliaFeed(MaruliaMasters masters, FactFeeds feeds) {
        this.masters = masters;
        this.feeds = feeds;
    }

    /// @param told  the day the stories are told of
    /// @param today the feed's days end with the day before it; a repeat sends what is missing
    void make(long principal, LocalDate from, LocalDate told, LocalDate today) {
        long id = masters.subDistributor(FED, Country.KESAR, from);
        masters.distributor(FED, id, principal, from, told, OUTLETS);
        var system = new Caller(0, "vyapar", "Vyapar", EnumSet.of(Role.COE), RowScope.of(id), "en");
        var began = told.withDayOfMonth(1).minusMonths(3);
        feeds.agree(system, id, SYSTEM, "Vyapar", List.of("FC-1", "FC-2"), "08:00", "BRONZE", told.minusDays(6));
        var shops = Shops.outlets(FED, OUTLETS);
        var outlets = new HashMap<String, String>();
        for (int at = 0; at < shops.size() - 1; at++) outlets.put("CUST" + (100 + at), shops.get(at).code());
        feeds.map(system, id, SYSTEM, outlets, Map.of());
        var goods = Goods.SKUS.subList(0, SKUS);
        for (var month = began; month.isBefore(told.withDayOfMonth(1)); month = month.plusMonths(1)) sales(system, goods, month, month.plusMonths(1).minusDays(1), "");
        for (var day = told.withDayOfMonth(1); day.isBefore(today); day = day.plusDays(1)) {
            if (!Demand.isOpen(day) || day.equals(told.minusDays(2))) continue;
            sales(system, goods, day, day, day.equals(told.minusDays(3)) ? "999.00" : "");
        }
        if (Demand.isOpen(today.minusDays(1))) stock(system, goods, today.minusDays(1));
    }

    /// @param off what the announced total is wrong by
    private void sales(Caller system, List<Goods.Sku> goods, LocalDate from, LocalDate to, String off) {
        var records = new ArrayList<Map<String, Object>>();
        var totals = new LinkedHashMap<String, BigDecimal>();
        for (var day = from; !day.isAfter(to); day = day.plusDays(1)) {
            if (!Demand.isOpen(day)) continue;
            var random = Seed.random("vyapar", day.toString());
            for (int bill = 0; bill < BILLS; bill++) {
                var customer = "CUST" + (100 + random.nextInt(OUTLETS));
                int lines = 2 + random.nextInt(3);
                int first = random.nextInt(goods.size());
                for (int line = 0; line < lines; line++) {
                    var sku = goods.get((first + line * 7) % goods.size());
                    int qty = 6 * (1 + random.nextInt(4));
                    var price = sku.ptr(sku.mrp());
                    var taxable = price.multiply(BigDecimal.valueOf(qty)).setScale(2, RoundingMode.HALF_UP);
                    var half = taxable.multiply(sku.gst()).divide(BigDecimal.valueOf(2), 2, RoundingMode.HALF_UP);
                    var total = taxable.add(half).add(half);
                    records.add(Map.ofEntries(Map.entry("doc_no", "V" + day.toString().replace("-", "") + String.format("%03d", bill + 1)), Map.entry("doc_type", "INV"), Map.entry("doc_date", day.toString()),
                            Map.entry("outlet_ext_id", customer), Map.entry("x_outlet_name", customer.equals("CUST" + (99 + OUTLETS)) ? "New shop at the bus stand" : ""), Map.entry("line_no", line + 1), Map.entry("sku_ext_id", sku.code() + "-V"),
                            Map.entry("gtin", sku.gtin()), Map.entry("mrp", sku.mrp().toPlainString()), Map.entry("uom", "UNIT"), Map.entry("qty_billed", qty), Map.entry("qty_free", 0), Map.entry("base_qty", qty),
                            Map.entry("list_price", price.toPlainString()), Map.entry("line_disc", "0"), Map.entry("schemes", List.of()), Map.entry("bill_disc_share", "0"), Map.entry("taxable", taxable.toPlainString()),
                            Map.entry("tax", Map.of("cgst", half.toPlainString(), "sgst", half.toPlainString())), Map.entry("total", total.toPlainString()), Map.entry("cancelled_flag", false)));
                    totals.merge("qty", BigDecimal.valueOf(qty), BigDecimal::add);
                    totals.merge("net", taxable, BigDecimal::add);
                    totals.merge("tax", half.add(half), BigDecimal::add);
                    totals.merge("gross", total, BigDecimal::add);
                }
            }
        }
        for (var total : List.of("qty", "net", "tax", "gross")) totals.putIfAbsent(total, BigDecimal.ZERO);
        if (!off.isEmpty()) totals.merge("gross", new BigDecimal(off), BigDecimal::add);
        send(system, "FC-1", from, to, "delta", totals, records);
    }

    private void stock(Caller system, List<Goods.Sku> goods, LocalDate day) {
        var random = Seed.random("vyapar stock", day.toString());
        var records = new ArrayList<Map<String, Object>>();
        var sum = BigDecimal.ZERO;
        for (var sku : goods) {
            int qty = 24 * random.nextInt(12);
            sum = sum.add(BigDecimal.valueOf(qty));
            records.add(Map.of("as_of", day.toString(), "godown", "MAIN", "sku_ext_id", sku.code() + "-V", "gtin", sku.gtin(), "batch", "V1", "mrp", sku.mrp().toPlainString(), "bucket", "SALEABLE", "qty", qty));
        }
        send(system, "FC-2", day, day, "full", Map.of("qty", sum), records);
    }

    private void send(Caller system, String type, LocalDate from, LocalDate to, String mode, Map<String, BigDecimal> totals, List<Map<String, Object>> records) {
        var batch = new LinkedHashMap<String, Object>();
        batch.put("contract_version", "1.0");
        batch.put("source_system", SYSTEM);
        batch.put("distributor_id", FED.code());
        batch.put("batch_id", UUID.nameUUIDFromBytes((FED.code() + type + from + to).getBytes(StandardCharsets.UTF_8)).toString());
        batch.put("record_type", type);
        batch.put("period", Map.of("from", from.toString(), "to", to.toString()));
        batch.put("record_count", records.size());
        var texts = new LinkedHashMap<String, String>();
        totals.forEach((name, total) -> texts.put(name, total.toPlainString()));
        batch.put("control_totals", texts);
        batch.put("generated_at", to.plusDays(1) + "T01:30:00Z");
        batch.put("mode", mode);
        batch.put("records", records);
        try {
            feeds.receive(system, JSON.writeValueAsString(batch), type.toLowerCase(java.util.Locale.ROOT) + "-" + to + ".csv");
        } catch (ProblemException refused) {
            // an example of before, whose batches had their members in another order: it is there
            if (refused.problem().code() != ProblemCode.ID_REUSED) throw refused;
        }
    }
}
