package io.offtake.claims;

import io.offtake.platform.TenantTransaction;
import io.offtake.testing.Fixture;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Bills and benefits written straight into their tables, for tests of rules that no posting would let happen: wrong dates, wrong
/// outlets, cancelled afterwards. Nothing of it is in the books.
final class ClaimWorld {
    static final ZoneId ZONE = ZoneId.of("Asia/Kolkata");
    final Fixture network;
    final Fixture.Distributor distributor;
    final LocalDate from;
    private final TenantTransaction transactions;
    private int numbers;

    /// @param from first day of the month that is claimed
    ClaimWorld(Fixture network, Fixture.Distributor distributor, LocalDate from) {
        this.network = network;
        this.distributor = distributor;
        this.from = from;
        this.transactions = network.transactions;
    }

    /// A bill of one line with one benefit.
    record Bill(UUID id, String number, LocalDate on, UUID outlet, long sku, BigDecimal qty, BigDecimal benefit) {}

    /// How a bill is written where it is not ordinary.
    ///
    /// @param channel  null: GROCER
    /// @param recorded null: on the day itself
    /// @param payable  null: ten times the benefit
    /// @param given    what the bill shows as discount; null: the benefit
    record Oddity(String number, String channel, Instant recorded, BigDecimal payable, BigDecimal given) {
        static final Oddity NONE = new Oddity(null, null, null, null, null);

        Oddity number(String other) {
            return new Oddity(other, channel, recorded, payable, given);
        }

        Oddity channel(String other) {
            return new Oddity(number, other, recorded, payable, given);
        }

        Oddity recorded(Instant other) {
            return new Oddity(number, channel, other, payable, given);
        }

        Oddity payable(String other) {
            return new Oddity(number, channel, recorded, new BigDecimal(other), given);
        }

        Oddity given(String other) {
            return new Oddity(number, channel, recorded, payable, new BigDecimal(other));
        }
    }

    /// Of 4 % on everything, for grocers.
    long scheme(String code, String more) {
        return network.scheme(code, "M1", """
                "stage":"LINE","mechanic":{"type":"DISCOUNT","reward":{"percent":"0.04"}},"products":{},"eligibility":{"channels":["GROCER"]},"priority":10,"principalShare":"1",
                "claimable":true,"claimRate":"PTS\"""" + more, from.minusMonths(1), from.plusMonths(2).minusDays(1));
    }

    /// Of 4 % from ten pieces on, for grocers.
    long slabs(String code) {
        return network.scheme(code, "M2", """
                "stage":"LINE","mechanic":{"type":"WHOLE_SLAB","basis":"BASE_QTY","slabs":[{"from":"10","reward":{"percent":"0.04"}}]},"products":{},"eligibility":{"channels":["GROCER"]},"priority":10,"principalShare":"1",
                "claimable":true,"claimRate":"PTS\"""", from.minusMonths(1), from.plusMonths(2).minusDays(1));
    }

    /// What is known of an outlet; null: nothing.
    void known(UUID outlet, String phone, String latitude, String gstin) {
        transactions.write(distributor.id(), db -> db.sql("update network.outlet set phone = ?, latitude = ?, gstin = ? where distributor_id = ? and id = ?").params(java.util.Arrays.asList(phone,
                latitude == null ? null : new BigDecimal(latitude), gstin, distributor.id(), outlet)).update());
    }

    /// A bill of one line that no scheme gave anything on.
    void plain(UUID outlet, String sku, LocalDate on, int qty) {
        var bill = new Bill(UUID.randomUUID(), nextNumber(on), on, outlet, network.skus.get(sku), BigDecimal.valueOf(qty), BigDecimal.ZERO);
        write(0, bill, Oddity.NONE.payable("100.00"));
    }

    /// Bills of this month whose amounts all begin with the same digits; heads only.
    void amounts(UUID outlet, int count, int from, int step) {
        transactions.write(distributor.id(), db -> db.sql("""
                insert into billing.invoice (distributor_id, id, kind, principal_id, outlet_id, warehouse_id, series, number, business_date, due_on, sale_type, payment_mode, gross, scheme_discount, manual_discount,
                       taxable, cgst, sgst, igst, cess, rounding, payable, cost, rule_book_hash, config_version, command, decision, printed, recorded_at, recorded_by)
                select ?, gen_random_uuid(), 'INVOICE', ?, ?, ?, 'N/', 'N/' || lpad(g::text, 8, '0'), ?::date, ?::date, 'COUNTER', 'CREDIT', a, 0, 0, a, 0, 0, 0, 0, 0, a, 0, '', '', '{}', '{}', '{}', now(), 'planted'
                  from (select g, (? + g * ?)::numeric as a from generate_series(1, ?) g) x""").params(distributor.id(), network.principal, outlet, distributor.warehouse(), this.from.plusDays(9), this.from.plusDays(9), from, step, count).update());
    }

    List<UUID> outlets(int count) {
        var made = new ArrayList<UUID>();
        for (int at = 0; at < count; at++) made.add(UUID.randomUUID());
        transactions.shared(db -> {
            for (var outlet : made) db.sql("insert into network.outlet_registry (platform_outlet_id, registered_at) values (?, now())").param(outlet).update();
            return null;
        });
        transactions.write(distributor.id(), db -> {
            for (int at = 0; at < count; at++)
                db.sql("""
                        insert into network.outlet (distributor_id, id, platform_outlet_id, code, name, channel, outlet_class, registration, state_code, latitude, longitude, created_at, changed_at)
                        values (?, ?, ?, ?, ?, 'GROCER', 'A', 'UNREGISTERED', '27', 19.1, 72.9, now(), now())""").params(distributor.id(), made.get(at), made.get(at), "W" + made.get(at).toString().substring(0, 8), "Shop " + at).update();
            return null;
        });
        return made;
    }

    /// Numbers rise with the days.
    String nextNumber(LocalDate on) {
        return "W26/" + (on.toEpochDay() * 1000 + ++numbers);
    }

    Bill bill(long scheme, UUID outlet, String sku, int day, int qty, String benefit, Oddity odd) {
        var bill = new Bill(UUID.randomUUID(), odd.number == null ? nextNumber(from.plusDays(day - 1)) : odd.number, from.plusDays(day - 1), outlet, network.skus.get(sku), BigDecimal.valueOf(qty), new BigDecimal(benefit));
        write(scheme, bill, odd);
        return bill;
    }

    void write(long scheme, Bill bill, Oddity odd) {
        var recorded = (odd.recorded == null ? bill.on.atTime(12, 0).atZone(ZONE).toInstant() : odd.recorded).atOffset(ZoneOffset.UTC);
        var payable = odd.payable == null ? bill.benefit.multiply(BigDecimal.TEN) : odd.payable;
        transactions.write(distributor.id(), db -> {
            db.sql("""
                    insert into billing.invoice (distributor_id, id, kind, principal_id, outlet_id, warehouse_id, series, number, business_date, due_on, sale_type, payment_mode, gross, scheme_discount, manual_discount,
                           taxable, cgst, sgst, igst, cess, rounding, payable, cost, rule_book_hash, config_version, command, decision, printed, recorded_at, recorded_by)
                    values (:distributor, :id, 'INVOICE', :principal, :outlet, :warehouse, :series, :number, :on, :on, 'COUNTER', 'CREDIT', :payable, 0, 0, :payable, 0, 0, 0, 0, 0, :payable, 0, '', '', :command, '{}', '{}',
                            :recorded, 'planted')""").param("distributor", distributor.id()).param("id", bill.id).param("principal", network.principal).param("outlet", bill.outlet).param("warehouse", distributor.warehouse())
                    .param("series", bill.number.startsWith("W26/") ? "W26/" : "other").param("number", bill.number).param("on", bill.on).param("payable", payable).param("recorded", recorded)
                    .param("command", "{\"outlet\":{\"id\":\"" + bill.outlet + "\",\"channel\":\"" + (odd.channel == null ? "GROCER" : odd.channel) + "\",\"class\":\"A\"}}").update();
            db.sql("""
                    insert into billing.invoice_line (distributor_id, business_date, invoice_id, line, part, kind, principal_id, outlet_id, sku_id, mrp, qty, free_qty, unit_price, gross, scheme_discount, manual_discount,
                           taxable, tax_rate, cgst, sgst, igst, cess, cost, hsn)
                    values (:distributor, :on, :id, 1, 1, 'BILLED', :principal, :outlet, :sku, 0, :qty, 0, 1, :payable, :given, 0, :payable, 0.05, 0, 0, 0, 0, 0, '3401')""").param("distributor", distributor.id())
                    .param("on", bill.on).param("id", bill.id).param("principal", network.principal).param("outlet", bill.outlet).param("sku", bill.sku).param("qty", bill.qty).param("payable", payable)
                    .param("given", odd.given == null ? bill.benefit : odd.given).update();
            return scheme == 0 || benefit(db, scheme, bill);
        });
    }

    private boolean benefit(org.springframework.jdbc.core.simple.JdbcClient db, long scheme, Bill bill) {
        return db.sql("""
                insert into billing.scheme_benefit (distributor_id, business_date, invoice_id, line, part, scheme_id, scheme_version, principal_id, kind, amount, principal_share, distributor_share, claim_value)
                values (?, ?, ?, 1, 1, ?, 1, ?, 'DISCOUNT', ?, ?, 0, ?)""").params(distributor.id(), bill.on, bill.id, scheme, network.principal, bill.benefit, bill.benefit, bill.benefit).update() == 1;
    }

    /// What came back of a bill, as a credit note of that day tells it.
    void returned(long scheme, Bill bill, LocalDate on, String amount) {
        transactions.write(distributor.id(), db -> db.sql("""
                insert into billing.benefit_reversal (distributor_id, business_date, document_id, line, part, scheme_id, scheme_version, document_type, invoice_id, invoice_date, principal_id, outlet_id, kind, amount,
                       principal_share, distributor_share, free_qty, claim_value, recorded_at)
                values (?, ?, ?, 1, 1, ?, 1, 'CREDIT_NOTE', ?, ?, ?, ?, 'DISCOUNT', ?, ?, 0, 0, ?, now())""").params(distributor.id(), on, UUID.randomUUID(), scheme, bill.id, bill.on, network.principal, bill.outlet,
                new BigDecimal(amount), new BigDecimal(amount), new BigDecimal(amount)).update());
    }

    void cancelled(Bill bill) {
        transactions.write(distributor.id(), db -> db.sql("""
                insert into billing.invoice_cancellation (distributor_id, invoice_id, id, principal_id, business_date, reason, recorded_at, recorded_by) values (?, ?, ?, ?, ?, 'planted', now(), 'planted')""")
                .params(distributor.id(), bill.id, UUID.randomUUID(), network.principal, bill.on).update());
    }

    /// A policy of this distributor alone, in force since ever.
    void policy(String key, String value) {
        transactions.shared(db -> db.sql("insert into governance.policy (key, scope, scope_value, value, valid_from) values (?, 'DISTRIBUTOR', ?, ?, date '2025-01-01')").params(key, Long.toString(distributor.id()), value).update());
    }

    UUID claim(long scheme) {
        return transactions.<UUID>write(distributor.id(), db -> db.sql("select id from claims.claim where distributor_id = ? and scheme_id = ? and status <> 'WITHDRAWN' order by period_from desc limit 1").params(distributor.id(), scheme)
                .query(UUID.class).single());
    }

    /// A person with one role; nobody signs in.
    static io.offtake.access.Caller person(long id, long distributor, io.offtake.access.Role role) {
        return new io.offtake.access.Caller(id, role.name().toLowerCase(java.util.Locale.ROOT) + id, role.title(), java.util.Set.of(role), io.offtake.platform.RowScope.of(distributor), "en");
    }

    String text(UUID claim, String column) {
        return transactions.<String>write(distributor.id(), db -> String.valueOf(db.sql("select " + column + "::text from claims.claim where distributor_id = ? and id = ?").params(distributor.id(), claim).query(String.class).single()));
    }

    /// Results of a claim as `line rule result`.
    List<String> results(UUID claim) {
        return transactions.<List<String>>write(distributor.id(), db -> db.sql("""
                        select r.line || ' ' || r.rule || ' ' || r.result from claims.rule_result r join claims.claim c on c.distributor_id = r.distributor_id and c.id = r.claim_id and c.round = r.round
                         where r.distributor_id = ? and r.claim_id = ? order by r.line, r.rule, r.result""").params(distributor.id(), claim).query(String.class).list());
    }

    int lineOf(UUID claim, Bill bill) {
        return transactions.<Integer>write(distributor.id(), db -> db.sql("select line from claims.claim_line where distributor_id = ? and claim_id = ? and source_id = ?").params(distributor.id(), claim, bill.id).query(Integer.class).single());
    }
}
