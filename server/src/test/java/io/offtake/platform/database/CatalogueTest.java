package io.offtake.platform.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.platform.testing.DatabaseTest;
import io.offtake.platform.testing.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The schema stays distributable (SCALE section a), read from the catalogue of a migrated database.
@DatabaseTest
class CatalogueTest {
    private static final Manifest MANIFEST = Manifest.load();
    private final TestDatabase database;

    CatalogueTest(TestDatabase database) {
        this.database = database;
    }

    /// First column of every row.
    private List<String> rows(String sql) throws SQLException {
        try (var connection = database.access().asMigrator(); var statement = connection.createStatement(); var rows = statement.executeQuery(sql)) {
            var found = new ArrayList<String>();
            while (rows.next()) found.add(rows.getString(1));
            return found;
        }
    }

    private static String in(Manifest.TableClass tableClass) {
        return "('" + String.join("', '", MANIFEST.namesOf(tableClass)) + "')";
    }

    private static final String TENANT = in(Manifest.TableClass.DISTRIBUTED);

    /// Tables of our schemas that are nobody's partition.
    private static final String TABLES = """
            (select c.oid, n.nspname || '.' || c.relname as name, c.relkind, c.relrowsecurity, c.relforcerowsecurity
               from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where c.relkind in ('r', 'p') and not c.relispartition
                and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_')""";

    @Test
    void everyTableIsDeclared() throws SQLException {
        var tables = new TreeSet<>(rows("select name from " + TABLES + " t"));
        tables.remove("platform.flyway_schema_history");
        assertThat(tables).isEqualTo(new TreeSet<>(MANIFEST.tables().keySet()));
    }

    @Test
    void everyTableHasAPrimaryKey() throws SQLException {
        assertThat(rows("select name from " + TABLES + " t where not exists (select from pg_constraint k where k.conrelid = t.oid and k.contype = 'p')")).isEmpty();
    }

    @Test
    void distributorIdIsTheSameEverywhereAndLeadsThePrimaryKey() throws SQLException {
        assertThat(rows("""
                select name from %s t
                 where name in %s
                   and not exists (select from pg_attribute a where a.attrelid = t.oid and a.attname = 'distributor_id' and a.attnotnull
                                      and a.atttypid = 'bigint'::regtype)""".formatted(TABLES, TENANT))).isEmpty();
        assertThat(rows("""
                select name || ' ' || k.conname from %s t join pg_constraint k on k.conrelid = t.oid
                 where name in %s and k.contype = 'p'
                   and (select attname from pg_attribute a where a.attrelid = t.oid and a.attnum = k.conkey[1]) <> 'distributor_id'""".formatted(TABLES, TENANT))).isEmpty();
    }

    @Test
    void everyUniqueKeyHoldsTheDistributor() throws SQLException {
        assertThat(rows("""
                select name || ' ' || i.indexrelid::regclass from %s t join pg_index i on i.indrelid = t.oid
                 where name in %s and i.indisunique
                   and not exists (select from pg_attribute a where a.attrelid = t.oid and a.attname = 'distributor_id' and a.attnum = any (i.indkey))""".formatted(TABLES, TENANT))).isEmpty();
    }

    @Test
    void foreignKeysStayWithinADistributorAndNeverPointFromReferenceOrLocalToTenantTables() throws SQLException {
        var keys = """
                (select c.name as child, p.name as parent, k.* from %1$s c join pg_constraint k on k.conrelid = c.oid and k.contype = 'f' and k.conparentid = 0
                   join %1$s p on p.oid = k.confrelid)""".formatted(TABLES);
        assertThat(rows("select child || ' ' || conname from " + keys + " k where parent in " + TENANT + " and child not in " + TENANT)).isEmpty();
        assertThat(rows("""
                select child || ' ' || conname from %s k
                 where child in %s and parent in %2$s
                   and ((select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1]) <> 'distributor_id'
                     or (select attname from pg_attribute where attrelid = confrelid and attnum = confkey[1]) <> 'distributor_id')""".formatted(keys, TENANT))).isEmpty();
        assertThat(rows("select child || ' ' || conname from " + keys + " k where child in " + TENANT + " and parent in " + in(Manifest.TableClass.LOCAL))).isEmpty();
        assertThat(rows("select child || ' ' || conname from " + keys + " k where confdeltype in ('n', 'd') or confupdtype in ('n', 'd')")).isEmpty();
        assertThat(rows("select child || ' ' || conname from " + keys + " k where condeferrable")).isEmpty();
    }

    @Test
    void noTriggersRulesSerialsDomainsOrExclusionConstraints() throws SQLException {
        assertThat(rows("select name || ' ' || g.tgname from " + TABLES + " t join pg_trigger g on g.tgrelid = t.oid where not g.tgisinternal")).isEmpty();
        assertThat(rows("select name || ' ' || r.rulename from " + TABLES + " t join pg_rewrite r on r.ev_class = t.oid")).isEmpty();
        assertThat(rows("""
                select name || '.' || a.attname from %s t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0
                 where name in %s and (a.attidentity <> '' or exists (select from pg_attrdef d where d.adrelid = t.oid and d.adnum = a.attnum
                                                                       and pg_get_expr(d.adbin, d.adrelid) like 'nextval(%%'))""".formatted(TABLES, TENANT))).isEmpty();
        assertThat(rows("select conname from pg_constraint where contype = 'x'")).isEmpty();
        assertThat(rows("select typname from pg_type t join pg_namespace n on n.oid = t.typnamespace where typtype = 'd' and n.nspname not in ('pg_catalog', 'information_schema')")).isEmpty();
        assertThat(rows("select matviewname from pg_matviews")).isEmpty();
    }

    @Test
    void partitionsAreQuarterlyOneLevelDeepAndWithoutADefault() throws SQLException {
        var declared = MANIFEST.tables().entrySet().stream().filter(entry -> entry.getValue().partitionedBy() != null).map(Map.Entry::getKey).sorted().toList();
        assertThat(rows("select name from " + TABLES + " t where relkind = 'p' order by 1")).isEqualTo(declared);
        assertThat(rows("select c.relname from pg_class c where c.relispartition and c.relkind = 'p'")).isEmpty();
        assertThat(rows("select partrelid::regclass::text from pg_partitioned_table where partdefid <> 0")).isEmpty();
        for (var table : declared) {
            assertThat(rows("select count(*) from pg_inherits where inhparent = '" + table + "'::regclass").getFirst()).as(table).isEqualTo("13");
        }
        database.partitions().ensure(java.time.LocalDate.of(2010, 12, 1), java.time.LocalDate.of(2011, 1, 1));
        database.partitions().ensure(java.time.LocalDate.of(2010, 12, 1), java.time.LocalDate.of(2011, 1, 1));
        for (var table : declared) {
            assertThat(rows("select to_regclass('" + table + "_y2010q4') is not null and to_regclass('" + table + "_y2011q1') is not null").getFirst()).as(table).isEqualTo("t");
        }
    }

    @Test
    void everyTenantTableStandsBehindItsPoliciesAndNoneElseHasThem() throws SQLException {
        assertThat(rows("select name from " + TABLES + " t where name in " + TENANT + " and not (relrowsecurity and relforcerowsecurity)")).isEmpty();
        assertThat(rows("select name from " + TABLES + " t where name not in " + TENANT + " and relrowsecurity")).isEmpty();
        assertThat(rows("""
                select name from %s t where name in %s
                   and (select string_agg(polname, ',' order by polname) from pg_policy p where p.polrelid = t.oid)
                       not in ('one_distributor,several_distributors,whole_network', 'one_distributor,own_principals,several_distributors,whole_network')""".formatted(TABLES, TENANT))).isEmpty();
        assertThat(rows("""
                select polname from pg_policy, lateral (select coalesce(pg_get_expr(polqual, polrelid), '') || coalesce(pg_get_expr(polwithcheck, polrelid), '') as text) e
                 where text like '%current_setting%' and text !~* 'nullif\\s*\\(\\s*current_setting'""")).isEmpty();
        for (var entry : MANIFEST.tables().entrySet()) {
            var walled = rows("select count(*) from pg_policy where polname = 'own_principals' and not polpermissive and polrelid = '" + entry.getKey() + "'::regclass").getFirst();
            assertThat(walled).as(entry.getKey()).isEqualTo(entry.getValue().principalWall() ? "1" : "0");
        }
    }

    @Test
    void tenantTablesWithAPrincipalAreBehindTheWall() throws SQLException {
        var withPrincipal = rows("""
                select name from %s t join pg_attribute a on a.attrelid = t.oid and a.attname = 'principal_id' where name in %s order by 1""".formatted(TABLES, TENANT));
        var walled = MANIFEST.tables().entrySet().stream().filter(entry -> entry.getValue().principalWall()).map(Map.Entry::getKey).sorted().toList();
        assertThat(walled).isEqualTo(withPrincipal);
    }

    @Test
    void rolesHaveNoMoreRightsThanTheManifestGives() throws SQLException {
        for (var entry : MANIFEST.tables().entrySet()) {
            var table = entry.getValue();
            assertThat(rights("offtake_app", entry.getKey())).as(entry.getKey()).isEqualTo(table.appendOnly() ? "INSERT,SELECT" : "DELETE,INSERT,SELECT,UPDATE");
            assertThat(rights("offtake_network", entry.getKey())).as(entry.getKey())
                    .isEqualTo(!table.networkWrites() ? "SELECT" : table.appendOnly() ? "INSERT,SELECT" : "DELETE,INSERT,SELECT,UPDATE");
        }
        assertThat(rows("""
                select c.relname from pg_class c where c.relispartition
                   and (has_table_privilege('offtake_app', c.oid, 'select') or has_table_privilege('offtake_network', c.oid, 'select'))""")).isEmpty();
        assertThat(rows("select 'flyway' where has_table_privilege('offtake_app', 'platform.flyway_schema_history', 'select, insert, update, delete')")).isEmpty();
    }

    private String rights(String role, String table) throws SQLException {
        return rows("""
                select string_agg(p, ',' order by p) from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p
                 where has_table_privilege('%s', '%s', p)""".formatted(role, table)).getFirst();
    }
}
