package io.offtake.insight;

import static io.offtake.insight.World.line;

import io.offtake.insight.Question.Filter;
import io.offtake.insight.Question.Window;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/// Networks and questions that nobody would think of: facts of every kind, filters that name keys of everybody.
final class RandomWorld {
    static final LocalDate TODAY = LocalDate.of(2026, 11, 16);

    final List<String> keys = new ArrayList<>();
    private final Catalogue catalogue = Catalogue.load();
    private final World world;
    private final FactsGate gate;
    private final Random random;

    RandomWorld(World world, FactsGate gate, Random random) {
        this.world = world;
        this.gate = gate;
        this.random = random;
    }

    /// @param skus the first five are `p`'s, the others `q`'s
    void fill(List<Long> distributors, long p, long q, List<Long> skus) {
        var shops = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
        for (var d : distributors) {
            world.carries(d, p);
            if (random.nextBoolean()) world.carries(d, q);
            var mark = "-" + Integer.toHexString(random.nextInt());
            var beats = List.of(world.beat(d, "B1" + mark), world.beat(d, "B2" + mark));
            var outlets = new ArrayList<UUID>();
            for (int i = 0; i < 6; i++) {
                outlets.add(world.outlet(d, "O" + i + mark, i == 5 ? null : beats.get(i % 2), i % 3 == 0 ? "CHEMIST" : "GROCER", i % 2 == 0 ? "A" : "B", i < 4 ? shops.get(i) : UUID.randomUUID()));
            }
            beats.forEach(id -> keys.add(id.toString()));
            outlets.forEach(id -> keys.add(id.toString()));
            for (int i = 0; i < 90; i++) {
                boolean second = random.nextInt(3) == 0;
                long principal = second ? q : p;
                var mine = second ? skus.subList(5, 8) : skus.subList(0, 5);
                var on = TODAY.minusDays(random.nextInt(i < 60 ? 40 : 420));
                var lines = lines(mine, i);
                var outlet = outlets.get(random.nextInt(outlets.size()));
                if (i % 13 == 0) world.financialNote(d, principal, outlet, on, lines);
                var id = random.nextInt(8) == 0 ? world.creditNote(d, principal, outlet, on, lines) : world.invoice(d, principal, outlet, on, lines);
                if (random.nextInt(15) == 0) world.cancel(d, principal, id, on);
                if (i % 3 == 0) keys.add(id.toString());
                world.openItem(d, principal, outlet, random.nextInt(5) == 0 ? "ON_ACCOUNT" : "INVOICE", on.plusDays(7), "900", Integer.toString(1 + random.nextInt(900)));
                world.owes(d, principal, outlet, on, random.nextInt(3) == 0 ? "COLLECTION" : "INVOICE", (random.nextInt(3) == 0 ? "-" : "") + (100 + random.nextInt(900)) + ".50");
                if (i % 9 == 0) world.receipt(d, principal, on, lines);
                if (i % 4 == 0) orders(d, principal, outlet, on, lines);
                if (i == 45) world.move(d, outlets.get(random.nextInt(6)), beats.get(random.nextInt(2)), TODAY.minusDays(20));
                world.moved(d, principal, mine.get(i % mine.size()), on, random.nextInt(40) - 20, "12.50", random.nextBoolean() ? "INVOICE" : "GOODS_RECEIPT");
            }
            for (var sku : skus) world.stock(d, skus.indexOf(sku) < 5 ? p : q, sku, random.nextInt(4) == 0 ? "RESERVED" : "SALEABLE", random.nextInt(300), "12.50", TODAY.minusDays(5 + random.nextInt(60)));
            filed(d, p, outlets, skus);
        }
    }

    private World.Line[] lines(List<Long> mine, int i) {
        var lines = new World.Line[1 + random.nextInt(3)];
        for (int j = 0; j < lines.length; j++) lines[j] = line(mine.get((i + j) % mine.size()), 1 + random.nextInt(20), random.nextInt(3), (5 + random.nextInt(30)) + ".25", "1.10");
        return lines;
    }

    private void orders(long d, long principal, UUID outlet, LocalDate on, World.Line[] lines) {
        var order = world.order(d, principal, outlet, on, "BOOKED", lines);
        switch (random.nextInt(5)) {
            case 0 -> world.cancelOrder(d, principal, order, on, random.nextBoolean() ? "CUSTOMER: changed his mind" : "no stock");
            case 1 -> { }
            case 2 -> world.billed(d, principal, outlet, order, on.plusDays(1), false, lines[0]);
            default -> world.delivered(d, principal, world.billed(d, principal, outlet, order, on, true, lines), on.plusDays(random.nextInt(5)));
        }
    }

    /// The same kinds of facts from files.
    private void filed(long d, long p, List<UUID> outlets, List<Long> skus) {
        var sales = new ArrayList<FactsGate.Sale>();
        var visits = new ArrayList<FactsGate.Visit>();
        for (int i = 0; i < 25; i++) {
            var on = TODAY.minusDays(random.nextInt(90));
            var outlet = outlets.get(random.nextInt(outlets.size()));
            sales.add(new FactsGate.Sale(UUID.randomUUID(), "F" + d + "/" + i, FactsGate.Kind.values()[Math.max(0, random.nextInt(8) - 5)], on, p, outlet, BigDecimal.TEN, true, random.nextInt(9) == 0,
                    random.nextBoolean() ? "DAMAGED" : null, FactsGate.Quality.OK, List.of(new FactsGate.SaleLine(skus.get(i % 5), BigDecimal.valueOf(1 + random.nextInt(9)), BigDecimal.ONE, new BigDecimal("55.50"), new BigDecimal("2.50"),
                    random.nextBoolean() ? BigDecimal.ZERO : BigDecimal.TEN, BigDecimal.valueOf(40), random.nextBoolean(), List.of(new FactsGate.SchemeUse(1 + random.nextInt(3), new BigDecimal("2.50"), BigDecimal.ONE))))));
            visits.add(new FactsGate.Visit(UUID.randomUUID(), on, random.nextBoolean() ? on : null, random.nextInt(4) > 0, "R" + random.nextInt(3), outlet, random.nextBoolean(), random.nextInt(5), random.nextBoolean() ? random.nextBoolean() : null));
        }
        gate.sales(d, sales);
        gate.sales(d, sales.subList(0, 5));
        gate.visits(d, visits);
        for (int month = 0; month < 14; month++) gate.targets(d, List.of(new FactsGate.Target("nsv", TODAY.withDayOfMonth(1).minusMonths(month), BigDecimal.valueOf(random.nextInt(4) * 1000L))));
        Collections.addAll(keys, "R0", "R1", "LIVE", "FILE", "DAMAGED", "SHORT", "WAITING", "1", "2");
    }

    Question anyQuestion() {
        var metrics = some(catalogue.metrics().stream().map(Metric::id).toList(), 1 + random.nextInt(3));
        var allowed = catalogue.dimensions().stream().map(Dimension::id).filter(id -> metrics.stream().allMatch(metric -> catalogue.metric(metric).orElseThrow().dimensions().contains(id))).toList();
        if (allowed.isEmpty()) return anyQuestion();
        var dimensions = some(allowed, random.nextInt(3));
        var filters = new ArrayList<Filter>();
        for (var dimension : some(allowed, random.nextInt(3))) {
            var type = catalogue.dimension(dimension).orElseThrow().type();
            var fitting = keys.stream().filter(key -> key.equals(Dimension.NOT_ALLOCATED) || switch (type) {
                case NUMBER -> key.matches("\\d+");
                case UUID -> key.length() == 36;
                case DATE -> key.matches("\\d{4}-.*");
                case TEXT -> !key.matches("\\d+") && key.length() < 36 && !key.startsWith("2026");
            }).toList();
            filters.add(new Filter(dimension, "in", some(fitting, 1 + random.nextInt(6))));
        }
        var window = switch (random.nextInt(8)) {
            case 0 -> Window.of("MTD");
            case 1 -> Window.of("L3M");
            case 2 -> Window.of("L12M");
            case 3 -> new Window("LAST_N_DAYS", null, null, 30);
            case 4 -> Window.range("2026-10-05", "2026-11-12");
            case 5 -> Window.of("L13W");
            case 6 -> Window.of("YTD");
            default -> new Window("MONTHS_TO_DATE", null, null, 13);
        };
        boolean timed = dimensions.stream().anyMatch(id -> List.of("month", "week", "day").contains(id));
        var compare = List.of("NONE", "NONE", "PREVIOUS", "SAME_LAST_YEAR", timed ? "PREVIOUS" : "L3M_AVERAGE").get(random.nextInt(5));
        var order = random.nextBoolean() ? List.<Question.Order>of() : List.of(new Question.Order(metrics.getFirst(), random.nextBoolean()));
        var like = !compare.equals("NONE") && random.nextInt(4) == 0 ? List.of("outlet", "distributor", "sku").get(random.nextInt(3)) : null;
        var extras = random.nextInt(4) == 0 ? List.of("rank") : random.nextInt(4) == 0 ? List.of("share", "running-share", "rank") : List.<String>of();
        return new Question(metrics, dimensions, filters, window, compare, order, 5 + random.nextInt(60), null, true, like, extras);
    }

    private List<String> some(List<String> of, int n) {
        var all = new ArrayList<>(of);
        Collections.shuffle(all, random);
        return List.copyOf(all.subList(0, Math.min(n, all.size())));
    }

    /// An answer without the words that name the scope; null for a question that is refused.
    static String figures(Answer answer) {
        var rows = answer.rows().stream().map(row -> row.keys() + " " + row.values()).toList();
        return rows + " " + answer.totals() + " " + (answer.notAllocated() == null ? "" : answer.notAllocated().values()) + " " + answer.count() + " " + answer.freshness().distributors() + " " + (answer.next() != null);
    }
}
