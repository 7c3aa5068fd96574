package io.offtake.insight;

import io.offtake.insight.Question.Filter;
import io.offtake.insight.Question.Window;
import io.offtake.insight.app.Feed;
import io.offtake.insight.app.Questions;
import io.offtake.insight.store.FeedStore;
import io.offtake.insight.store.NetworkDirectory;
import io.offtake.insight.store.PostgresEngine;
import io.offtake.platform.testing.DatabaseTest;
import io.offtake.platform.testing.TestDatabase;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// How long the feed and the drill take at the size of the example network: 12 distributors, 1,200 outlets, 300 SKUs, 60,000
/// bills of 8 lines over 14 months. Run by name (`-Dtest=InsightScale`, more bills with `INSIGHT_BILLS`); it prints, and asserts nothing.
@DatabaseTest
class InsightScale {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-16T12:00:00Z"), ZoneOffset.UTC);
    private static final int BILLS = Integer.parseInt(System.getenv().getOrDefault("INSIGHT_BILLS", "60000"));

    private final TestDatabase database;

    InsightScale(TestDatabase database) {
        this.database = database;
    }

    @Test
    void feedAndDrill() {
        long start = System.nanoTime();
        database.asSuperuser("set session_replication_role = replica;" + DATA.replace(":bills", Integer.toString(BILLS)));
        database.asSuperuser("analyze");
        print("data", start);
        var transactions = database.transactions();
        var store = new FeedStore(transactions, CLOCK);
        start = System.nanoTime();
        long events = new Feed(store).drain();
        print("feed of " + events + " bills", start);
        database.asSuperuser("analyze");
        start = System.nanoTime();
        store.rebuild(1, 4000, _ -> {});
        print("rebuild of one distributor", start);
        database.asSuperuser("vacuum analyze insight.sales_daily, insight.sales_document");

        var questions = new Questions(new NetworkDirectory(transactions, CLOCK), new PostgresEngine(transactions), CLOCK);
        var mtd = Window.of("MTD");
        var all = new LinkedHashMap<String, Question>();
        var d1 = Filter.in("distributor", "1");
        all.put("tile NSV MTD against last year", Question.of(List.of("nsv"), List.of(), mtd).comparedWith("SAME_LAST_YEAR"));
        all.put("sparkline NSV 13 months", Question.of(List.of("nsv"), List.of("month"), new Window("MONTHS_TO_DATE", null, null, 13)));
        all.put("sparkline NSV 13 days", Question.of(List.of("nsv"), List.of("day"), new Window("LAST_N_DAYS", null, null, 13)));
        all.put("sparkline active outlets 13 months", Question.of(List.of("active-outlets"), List.of("month"), new Window("MONTHS_TO_DATE", null, null, 13)));
        all.put("Q01 region, MTD, last year", Question.of(List.of("nsv", "nsv-growth"), List.of("region"), mtd).comparedWith("SAME_LAST_YEAR"));
        all.put("Q02 region × month, L12M", Question.of(List.of("nsv"), List.of("region", "month"), Window.of("L12M")));
        all.put("distributor, MTD: NSV, growth, active outlets", Question.of(List.of("nsv", "nsv-growth", "active-outlets"), List.of("distributor"), mtd).comparedWith("SAME_LAST_YEAR"));
        all.put("beat of one distributor, MTD", Question.of(List.of("nsv", "active-outlets"), List.of("beat"), mtd, d1));
        all.put("outlet of one distributor, L12M", Question.of(List.of("nsv", "bills"), List.of("outlet"), Window.of("L12M"), d1));
        all.put("bills of one outlet, L12M", Question.of(List.of("nsv"), List.of("invoice"), Window.of("L12M"), d1, Filter.in("outlet", "00000000-0000-7000-8000-000000000012")));
        all.put("category, network, L3M", Question.of(List.of("nsv"), List.of("category"), Window.of("L3M")));
        all.put("Q11 top 20 SKUs, network, L12M", Question.of(List.of("nsv"), List.of("sku"), Window.of("L12M")).page(20, null));
        all.put("Q12 SKU × class, one territory, L3M", Question.of(List.of("nsv"), List.of("sku", "class"), Window.of("L3M"), Filter.in("territory", "3")));
        all.put("Q06 active outlets region × month, L6M", Question.of(List.of("active-outlets"), List.of("region", "month"), new Window("LAST_N_MONTHS", null, null, 6)));
        all.put("Q16 cover SKU × distributor", Question.of(List.of("stock-cover"), List.of("sku", "distributor"), Window.of("NOW")));
        all.put("cover, network tile", Question.of(List.of("stock-cover"), List.of(), Window.of("NOW")));
        all.put("Q24 ageing region × bucket", Question.of(List.of("receivable"), List.of("region", "ageing-bucket"), Window.of("NOW")));
        all.put("overdue by distributor", Question.of(List.of("receivable", "overdue", "overdue-share"), List.of("distributor"), Window.of("NOW")));
        all.put("Q29 outlet × SKU of one distributor, 90 d", Question.of(List.of("nsv", "volume"), List.of("outlet", "sku"), new Window("LAST_N_DAYS", null, null, 90), d1));
        all.put("bills and NSV by SKU, one distributor, L3M", Question.of(List.of("bills", "nsv"), List.of("sku"), Window.of("L3M"), d1));
        Map<String, Asker> askers = new LinkedHashMap<>();
        askers.put("network", Asker.network("head"));
        askers.put("one distributor", new Asker("owner", Set.of(1L), null));
        askers.put("principal", new Asker("principal", null, Set.of(1L)));
        for (var asker : askers.entrySet()) {
            System.out.println("| question, asker " + asker.getKey() + " | rows | median ms | p95 ms |\n|---|---|---|---|");
            for (var question : all.entrySet()) {
                var times = new ArrayList<Double>();
                Answer answer = null;
                for (int i = 0; i < 15; i++) {
                    long began = System.nanoTime();
                    answer = questions.ask(asker.getValue(), question.getValue());
                    if (i >= 3) times.add((System.nanoTime() - began) / 1e6);
                }
                var sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
                System.out.println("| " + question.getKey() + " | " + answer.count() + " | " + ms(sorted[sorted.length / 2]) + " | " + ms(sorted[sorted.length - 1]) + " |");
            }
        }
        System.out.println(Arrays.toString(new Object[] {size("insight.sales_daily"), size("insight.sales_document"), size("billing.invoice_line")}));
    }

    private String size(String table) {
        return database.networkClient().sql("select ? || ' ' || pg_size_pretty(greatest(pg_total_relation_size(?::regclass), (select coalesce(sum(pg_total_relation_size(relid)), 0)::bigint from pg_partition_tree(?::regclass))))").params(table, table, table).query(String.class).single();
    }

    private static String ms(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static void print(String what, long start) {
        System.out.println(what + ": " + ms((System.nanoTime() - start) / 1e6) + " ms");
    }

    private static final String DATA = """
            insert into network.territory (id, code, name, kind, parent_id) overriding system value values (1, 'N', 'North', 'REGION', null), (2, 'S', 'South', 'REGION', null);
            insert into network.territory (id, code, name, kind, parent_id) overriding system value select i + 2, 'T' || i, 'T' || i, 'TERRITORY', 1 + i % 2 from generate_series(1, 4) i;
            insert into network.principal (id, code, name, legal_name, state_code) overriding system value values (1, 'P', 'P', 'P', '27');
            insert into network.distributor (id, code, name, legal_name, state_code, territory_id) overriding system value
            select i, 'D' || i, 'D' || i, 'D' || i, '27', 3 + i % 4 from generate_series(1, 12) i;
            insert into catalog.category (id, code, name) overriding system value select i, 'C' || i, 'C' || i from generate_series(1, 10) i;
            insert into catalog.brand (id, code, name) overriding system value select i, 'B' || i, 'B' || i from generate_series(1, 20) i;
            insert into catalog.sku (id, principal_id, code, name, category_id, brand_id, hsn, mrp, pts) overriding system value
            select i, 1, 'S' || i, 'S' || i, 1 + i % 10, 1 + i % 20, '1905', 40, 30 from generate_series(1, 300) i;
            insert into network.beat (distributor_id, id, code, name) select d, ('00000000-0000-7000-9000-' || lpad((d * 100 + b)::text, 12, '0'))::uuid, 'B' || b, 'B' || b from generate_series(1, 12) d, generate_series(1, 6) b;
            insert into network.outlet (distributor_id, id, platform_outlet_id, code, name, channel, outlet_class, beat_id, state_code, created_at, changed_at)
            select 1 + o % 12, ('00000000-0000-7000-8000-' || lpad(o::text, 12, '0'))::uuid, ('00000000-0000-7000-8000-' || lpad(o::text, 12, '0'))::uuid, 'O' || o, 'O' || o,
                   (array['GROCER', 'CHEMIST', 'PAAN', 'WHOLESALE'])[1 + o % 4], (array['A', 'B', 'C', 'D'])[1 + o / 12 % 4], ('00000000-0000-7000-9000-' || lpad(((1 + o % 12) * 100 + 1 + o / 12 % 6)::text, 12, '0'))::uuid, '27', now(), now()
              from generate_series(1, 1200) o;
            insert into billing.invoice (distributor_id, id, kind, principal_id, outlet_id, warehouse_id, series, number, business_date, due_on, sale_type, payment_mode,
                   gross, scheme_discount, manual_discount, taxable, cgst, sgst, igst, cess, rounding, payable, cost, rule_book_hash, config_version, command, decision, printed, recorded_at, recorded_by)
            select 1 + o % 12, ('00000000-0000-7000-a000-' || lpad(i::text, 12, '0'))::uuid, 'INVOICE', 1, ('00000000-0000-7000-8000-' || lpad(o::text, 12, '0'))::uuid, ('00000000-0000-7000-8000-000000000001')::uuid, 'K', 'K' || i,
                   day, day + 14, 'COUNTER', 'CREDIT', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '', '', '', '', '', day, ''
              from (select i, 1 + (i * 7919::bigint) % 1200 as o, date '2026-11-16' - (((:bills - i)::bigint * 425) / :bills)::int as day from generate_series(1, :bills) i) x;
            insert into billing.invoice_line (distributor_id, business_date, invoice_id, line, part, kind, principal_id, outlet_id, sku_id, mrp, qty, free_qty, unit_price,
                   gross, scheme_discount, manual_discount, taxable, tax_rate, cgst, sgst, igst, cess, cost, hsn)
            select i.distributor_id, i.business_date, i.id, l, 1, 'BILLED', 1, i.outlet_id, 1 + (right(i.id::text, 10)::bigint * 31 + l * l * 37) % 300, 40, 12, 0, 30, 360, 10, 0, 350, 0.05, 0, 0, 0, 0, 300, '1905'
              from billing.invoice i, generate_series(1, 8) l;
            insert into platform.outbox (distributor_id, seq, topic, document_id, business_date, payload, recorded_at)
            select distributor_id, row_number() over (partition by distributor_id order by business_date, id), 'invoice.posted', id, business_date, '{}', business_date + time '12:00' from billing.invoice;
            insert into receivables.open_item (distributor_id, document_id, principal_id, outlet_id, kind, number, business_date, due_on, amount, open_amount)
            select distributor_id, id, 1, outlet_id, 'INVOICE', number, business_date, due_on, 2800, case when business_date > date '2026-10-01' then 2800 else 0 end from billing.invoice;
            insert into catalog.batch (distributor_id, id, principal_id, sku_id, batch_no, mrp, received_on, unit_cost)
            select d, gen_random_uuid(), 1, s, 'X' || b, 40, date '2026-01-01', 30 from generate_series(1, 12) d, generate_series(1, 300) s, generate_series(1, 3) b;
            insert into stock.balance (distributor_id, warehouse_id, sku_id, batch_id, bucket, principal_id, qty, unit_cost, batch_no, mrp, received_on)
            select distributor_id, '00000000-0000-7000-8000-000000000001', sku_id, id, 'SALEABLE', 1, 100, 30, batch_no, 40, received_on from catalog.batch;
            """;
}
