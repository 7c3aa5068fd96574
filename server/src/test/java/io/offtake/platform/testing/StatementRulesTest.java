package io.offtake.platform.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The watcher itself: what it must let through and what it must stop.
class StatementRulesTest {

    @ParameterizedTest
    @ValueSource(strings = {
            "select qty from stock.balance where distributor_id = ? and sku_id = any(?)",
            "select 1 from stock.balance b join who on b.distributor_id = who.id",
            "insert into stock.entry (distributor_id, line) values (?, ?)",
            "select * from catalog.sku",
            "SET LOCAL offtake.distributor_id = '7'",
            "update stock.balance b set qty = b.qty - t.qty from unnest(?, ?) as t (s, q) where b.distributor_id = ? and b.sku_id = t.s",
            "insert into platform.outbox (distributor_id, seq) select h.distributor_id, h.seq from governance.audit_head h where h.distributor_id = ?",
            "insert into stock.entry (distributor_id, line, qty) select o.distributor_id, unnest(?::int4[]), ?::numeric from governance.audit_head o where o.distributor_id = ?",
            "/* network: the nightly job looks for work */ select distinct distributor_id from platform.outbox",
            "insert into billing.invoice (distributor_id, note) values (?, 'a; set_config(')"})
    void lets(String sql) {
        assertThat(StatementRules.broken(sql, false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "select qty from stock.balance where sku_id = ?",
            "select 1; delete from stock.balance",
            "select set_config('offtake.distributor_id', ?, true)",
            "set offtake.distributor_id = '7'",
            "merge into stock.balance b using x on b.distributor_id = x.distributor_id when matched then delete",
            "insert into stock.entry (distributor_id, line) select ?, u from unnest(?) u",
            "insert into stock.entry (distributor_id, line) select o.distributor_id, unnest(?::int4[]) from governance.audit_head o",
            "insert into stock.entry (distributor_id, line) select ?, unnest(?::int4[]) from governance.audit_head o where o.distributor_id = ?",
            "insert into stock.entry (distributor_id, line) select o.id, unnest(?::int4[]) from network.distributor o where o.id = ?",
            "insert into platform.feed_cursor (distributor_id, seq) values (?, ?) on conflict (distributor_id) do update set moved_at = now()",
            "update stock.balance set qty = random() where distributor_id = ?",
            "with gone as (delete from stock.balance where distributor_id = ? returning *) insert into stock.entry (distributor_id) select distributor_id from gone",
            "select pg_advisory_lock(1)"})
    void stops(String sql) {
        assertThat(StatementRules.broken(sql, false)).isNotEmpty();
    }

    @Test
    void networkRoleReadsEveryDistributorButKeepsTheOtherRules() {
        assertThat(StatementRules.broken("select sum(qty) from stock.balance", true)).isEmpty();
        assertThat(StatementRules.broken("merge into stock.balance b using x on true when matched then delete", true)).isNotEmpty();
    }
}
