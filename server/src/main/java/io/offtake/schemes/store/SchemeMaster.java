package io.offtake.schemes.store;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Permission;
import io.offtake.catalog.CatalogRelations;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
import io.offtake.governance.ConfigVersions;
import io.offtake.governance.Draft;
import io.offtake.governance.Duty;
import io.offtake.governance.Finding;
import io.offtake.governance.Governed;
import io.offtake.governance.Master;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.ListSql;
import io.offtake.platform.ProblemCode;
import io.offtake.schemes.domain.Mechanics.Named;
import io.offtake.schemes.domain.References;
import io.offtake.schemes.domain.SchemeBody;
import io.offtake.schemes.domain.SchemeForm;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Schemes of every mechanic (SCH-01, SCH-04). The body that the rules evaluate is the one stored form; what lists need of it is
/// generated from it. A change of an approved scheme is a new version with its own first day; versions never overlap.
@Component
public class SchemeMaster extends Master<SchemeForm> implements Governed<SchemeForm> {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// Codes of what a body names by id: an object from id to code.
    private static String codes(String relation, String members) {
        return "(select coalesce(jsonb_object_agg(k.id, k.code), '{}') from " + relation + " k where k.id::text in (select n.name #>> '{}' from jsonb_path_query(v.definition, "
                + "'strict $.** ? (@.type() == \"object\").keyvalue() ? (@.key like_regex \"" + members + "\").value', '{}', true) m (value), "
                + "lateral (select m.value as name where jsonb_typeof(m.value) = 'string' union all select e.value from jsonb_array_elements(case jsonb_typeof(m.value) when 'array' then m.value else '[]' end) e) n))";
    }

    private static final String FIELDS = """
            select s.id, v.version_no as version, v.version_no, s.code, v.name, v.mechanic, v.stage, v.priority, v.exclusion_group, s.principal_id, p.code as principal, v.definition,
                   v.valid_from, v.valid_to, v.status, v.created_at,
                   """ + codes(CatalogRelations.SKUS, "[sS]kuIds?$") + " as skus, " + codes(CatalogRelations.BRANDS, "[bB]randIds$") + " as brands, "
            + codes(CatalogRelations.CATEGORIES, "[cC]ategoryIds$") + " as categories, " + codes(NetworkRelations.DISTRIBUTORS, "[dD]istributorIds$") + " as distributors, "
            + codes(NetworkRelations.WAREHOUSES, "[wW]arehouseIds$") + """
             as warehouses
              from schemes.scheme s
              join\s""" + NetworkRelations.PRINCIPALS + """
               p on p.id = s.principal_id
              join schemes.scheme_version v on v.scheme_id = s.id
            """;
    private static final String SELECT = FIELDS + """
               and v.version_no = (select max(x.version_no) from schemes.scheme_version x where x.scheme_id = s.id)
             where :principals::bigint[] is null or s.principal_id = any (:principals::bigint[])""";

    /// All versions of one scheme, the latest first; binds `:id`.
    public static final String VERSIONS = FIELDS + " where s.id = :id order by v.version_no desc";

    private static final ListSql LIST = ListSql.of(SELECT).key("id", LONG).sortable("code", TEXT).sortable("name", TEXT).sortable("validFrom", DATE).sortable("validTo", DATE)
            .sortable("status", TEXT).sortable("mechanic", TEXT).sortable("stage", TEXT).sortable("priority", LONG)
            .equal("status", TEXT).equal("mechanic", TEXT).equal("stage", TEXT).equal("principal", TEXT).from("endsFrom", "validTo", DATE).to("startsBy", "validFrom", DATE)
            .from("from", "validTo", DATE).to("to", "validFrom", DATE).search("code", "name").order("code");

    /// Lists of names that have a column of their own in a file; the rest of the body is one cell.
    private static final Map<String, String[]> LISTS = new LinkedHashMap<>();

    static {
        LISTS.put("skus", new String[] {"products", "skuIds"});
        LISTS.put("brands", new String[] {"products", "brandIds"});
        LISTS.put("categories", new String[] {"products", "categoryIds"});
        LISTS.put("excludedSkus", new String[] {"products", "excludedSkuIds"});
        LISTS.put("channels", new String[] {"eligibility", "channels"});
        LISTS.put("classes", new String[] {"eligibility", "classes"});
        LISTS.put("groups", new String[] {"eligibility", "groups"});
    }

    private static final List<Column<SchemeForm>> COLUMNS = List.of(
            Column.required("code", "Code", SchemeForm::code, "Unique, such as SOAP-SLAB", "Scheme", "Scheme code"),
            Column.required("name", "Name", SchemeForm::name, "Text", "Scheme name"),
            Column.required("principal", "Principal", SchemeForm::principal, "Principal code"),
            Column.required("validFrom", "From", SchemeForm::validFrom, "Date", "Start", "Valid from"),
            Column.required("validTo", "To", SchemeForm::validTo, "Date", "End", "Valid to"),
            Column.optional("skus", "SKUs", form -> items(form, "skus"), "SKU codes, separated by ;", "SKU list"),
            Column.optional("brands", "Brands", form -> items(form, "brands"), "Brand codes, separated by ;"),
            Column.optional("categories", "Categories", form -> items(form, "categories"), "Category codes, separated by ;"),
            Column.optional("excludedSkus", "Without SKUs", form -> items(form, "excludedSkus"), "SKU codes, separated by ;"),
            Column.optional("channels", "Channels", form -> items(form, "channels"), "Separated by ;", "Channel"),
            Column.optional("classes", "Classes", form -> items(form, "classes"), "Separated by ;", "Class"),
            Column.optional("groups", "Groups", form -> items(form, "groups"), "Separated by ;", "Group"),
            Column.required("terms", "Offer", SchemeMaster::rest, "The mechanic and everything else, as JSON: {\"stage\":\"LINE\",\"mechanic\":{\"type\":\"DISCOUNT\",\"reward\":{\"percent\":\"0.05\"}}}"));
    private static final String INSERT = "insert into schemes.scheme (id, code, principal_id) values (:id, :code, :principalId)";
    private static final String UPDATE = """
            update schemes.scheme s set code = :code
             where s.id = :id and (select max(v.version_no) from schemes.scheme_version v where v.scheme_id = s.id) = :version - 1""";

    private final RuleChecks checks;
    private final Clock clock;

    SchemeMaster(RuleChecks checks, Clock clock) {
        super(new Spec<>("schemes", Owner.NETWORK, "schemes.scheme", SchemeForm.class, Permission.SCHEME_READ, Permission.SCHEME_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
        this.checks = checks;
        this.clock = clock;
    }

    private static String items(SchemeForm form, String column) {
        var found = new ArrayList<String>();
        for (var item : form.at(LISTS.get(column))) found.add(item.asString());
        return String.join(";", found);
    }

    private static String rest(SchemeForm form) {
        var rest = form.terms().deepCopy();
        for (var path : LISTS.values())
            if (rest.get(path[0]) instanceof ObjectNode part) part.remove(path[1]);
        return new SchemeForm("", "", "", null, null, rest).terms().toString();
    }

    @Override
    public String key(SchemeForm form) {
        return form.code();
    }

    @Override
    protected RowMapper<SchemeForm> mapper() {
        return (row, _) -> form(row);
    }

    @Override
    public SchemeForm read(Cells cells) {
        ObjectNode terms = JSON.createObjectNode();
        var text = cells.text("terms");
        if (!text.isEmpty()) {
            try {
                if (JSON.readTree(text) instanceof ObjectNode object) terms = object;
                else cells.fault("terms", "is no JSON object", "Write {\"stage\":\"LINE\",\"mechanic\":{…}}");
            } catch (JacksonException wrong) {
                cells.fault("terms", "cannot be read as JSON: " + wrong.getOriginalMessage(), "Write {\"stage\":\"LINE\",\"mechanic\":{…}}");
            }
        }
        for (var list : LISTS.entrySet()) {
            var items = cells.items(list.getKey());
            if (items.isEmpty()) continue;
            var array = terms.withObject("/" + list.getValue()[0]).putArray(list.getValue()[1]);
            items.forEach(array::add);
        }
        return new SchemeForm(cells.text("code"), cells.text("name"), cells.text("principal"), cells.date("validFrom"), cells.date("validTo"), terms);
    }

    private record Sku(long id, long brandId, long categoryId) {}

    /// A live scheme, as far as conflicts go.
    private record Live(String code, String stage, String stacking, @Nullable String group, LocalDate from, LocalDate to, Set<Long> skus, JsonNode asks) {}

    /// @param code   with its distributor's in front, `D-1:MAIN`
    private record Warehouse(String code, String distributorId, String distributor, String status) {}

    /// What forms name, read once for many drafts.
    private static final class Names {
        final Map<String, Long> principals = new HashMap<>();
        final Map<Named, Map<String, String>> ids = new HashMap<>();
        final Map<Long, Map<String, Sku>> skus = new HashMap<>();
        final Map<String, Warehouse> warehouses = new HashMap<>();

        static Names read(JdbcClient db, List<Draft<SchemeForm>> drafts) {
            var names = new Names();
            var wanted = new HashSet<String>();
            for (var draft : drafts) wanted.addAll(References.in(draft.form().terms()).getOrDefault(Named.WAREHOUSE, new TreeSet<>()));
            var ids = names.ids.computeIfAbsent(Named.WAREHOUSE, _ -> new HashMap<>());
            if (!wanted.isEmpty()) db.sql("select id, code, distributor_id, distributor, status from " + NetworkRelations.WAREHOUSES + " k where k.code = any (:codes)")
                    .param("codes", wanted.toArray(String[]::new)).query(row -> {
                        ids.put(row.getString(2), row.getString(1));
                        names.warehouses.put(row.getString(1), new Warehouse(row.getString(2), Long.toString(row.getLong(3)), row.getString(4), row.getString(5)));
                    });
            db.sql("select code, id from " + NetworkRelations.PRINCIPALS + " p").query(row -> {
                names.principals.put(row.getString(1), row.getLong(2));
            });
            names.all(db, Named.BRAND, CatalogRelations.BRANDS);
            names.all(db, Named.CATEGORY, CatalogRelations.CATEGORIES);
            names.all(db, Named.DISTRIBUTOR, NetworkRelations.DISTRIBUTORS);
            db.sql("select principal_id, code, id, brand_id, category_id from " + CatalogRelations.SKUS + " s").query(row -> {
                names.skus.computeIfAbsent(row.getLong(1), _ -> new HashMap<>()).put(row.getString(2), new Sku(row.getLong(3), row.getLong(4), row.getLong(5)));
            });
            return names;
        }

        private void all(JdbcClient db, Named kind, String relation) {
            var of = ids.computeIfAbsent(kind, _ -> new HashMap<>());
            db.sql("select code, id from " + relation + " k").query(row -> {
                of.put(row.getString(1), Long.toString(row.getLong(2)));
            });
        }

        @Nullable String id(@Nullable Long principal, Named kind, String code) {
            if (kind != Named.SKU) return ids.get(kind).get(code);
            var sku = principal == null ? null : skus.getOrDefault(principal, Map.of()).get(code);
            return sku == null ? null : Long.toString(sku.id);
        }
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<SchemeForm>> drafts) {
        var today = LocalDate.now(clock);
        var names = Names.read(db, drafts);
        var live = live(db, names.skus, today);
        for (var draft : drafts) {
            var form = draft.form();
            draft.code("code", form.code());
            draft.required("name", form.name());
            var principal = names.principals.get(form.principal());
            if (principal == null) draft.fault("principal", form.principal().isEmpty() ? "is missing" : "there is no principal " + form.principal(), "Correct the code");
            draft.found("principalId", principal);
            checkPeriod(draft, today);
            var terms = References.replaced(form.terms(), (kind, code) -> names.id(principal, kind, code), (pointer, kind, code) ->
                    draft.fault(pointer.substring(1), "there is no " + kind.name().toLowerCase(java.util.Locale.ROOT) + " " + code,
                            kind == Named.WAREHOUSE ? "The distributor's code and the warehouse's own, such as D-1:MAIN" : "Correct the code; SKUs are those of the principal"));
            SchemeBody.check(draft, terms);
            checkWarehouses(draft, terms.path("eligibility"), names);
            if (!draft.isGood()) continue;
            var definition = SchemeBody.definition(terms, draft.id().toString(), draft.version(), form, principal, today);
            var wrong = SchemeBody.wrong(definition);
            if (wrong != null) {
                draft.fault(wrong.pointer(), wrong.detail(), "See spec/README.md for the members of this mechanic");
                continue;
            }
            var taking = taking(terms, names.skus.getOrDefault(principal, Map.of()).values());
            if (taking.isEmpty()) draft.fault("products", "the scheme covers no SKU", "Name SKUs, brands or categories that have some");
            var mine = new Live(form.code(), form.at("stage").asString(""), stacking(terms), text(terms, "exclusionGroup"), form.validFrom(), form.validTo(), taking, terms.path("eligibility"));
            for (var other : live) checkConflict(draft, mine, other);
            live.add(mine);
            draft.found("definition", definition.toString());
        }
    }

    private static String stacking(JsonNode terms) {
        return terms.path("stacking").asString("CASCADE");
    }

    /// The SKUs that a body's product set takes.
    private static Set<Long> taking(JsonNode terms, Collection<Sku> skus) {
        var products = terms.path("products");
        boolean all = Set.of("skuIds", "brandIds", "categoryIds").stream().allMatch(name -> products.path(name).isEmpty());
        var taking = new HashSet<Long>();
        for (var sku : skus) {
            boolean in = all || has(products.path("skuIds"), sku.id) || has(products.path("brandIds"), sku.brandId) || has(products.path("categoryIds"), sku.categoryId);
            boolean out = has(products.path("excludedSkuIds"), sku.id) || has(products.path("excludedBrandIds"), sku.brandId) || has(products.path("excludedCategoryIds"), sku.categoryId);
            if (in && !out) taking.add(sku.id);
        }
        return taking;
    }

    private static void checkPeriod(Draft<SchemeForm> draft, LocalDate today) {
        var form = draft.form();
        boolean begins = draft.period(form);
        if (form.validTo() == null) draft.fault("validTo", "is missing", "The last day: every scheme has a period");
        if (!begins) return;
        boolean retrospective = form.at("retrospective").asBoolean(false);
        if (form.validFrom().isBefore(today) && !retrospective)
            draft.fault("validFrom", ProblemCode.VERSION_NOT_FUTURE, form.validFrom() + " is in the past (PX-42)", "Today or later: a scheme never applies to bills of before, unless retrospective");
        if (draft.current() == null) return;
        var before = draft.current().form();
        if (before.validFrom() != null && !form.validFrom().isAfter(before.validFrom())) {
            draft.fault("validFrom", ProblemCode.VERSION_NOT_FUTURE, "version " + draft.current().version() + " begins on " + before.validFrom(), "Give the new version a later first day");
        }
        if (!before.principal().equals(form.principal())) draft.fault("principal", "a scheme stays with its principal", "Write a scheme of its own for the other principal");
    }

    /// PX-23: two schemes of one stage that both take a line must stack alike, unless their group lets only one apply.
    private static void checkConflict(Draft<SchemeForm> draft, Live mine, Live other) {
        if (mine.code.equals(other.code) || !mine.stage.equals(other.stage) || mine.stacking.equals(other.stacking)) return;
        if (mine.group != null && mine.group.equals(other.group)) return;
        if (mine.from.isAfter(other.to) || other.from.isAfter(mine.to)) return;
        if (mine.skus.stream().noneMatch(other.skus::contains)) return;
        if (apart(mine.asks.path("distributorIds"), other.asks.path("distributorIds")) || apart(mine.asks.path("warehouseIds"), other.asks.path("warehouseIds"))) return;
        draft.fault("stacking", mine.stacking + " disagrees with " + other.code + ", which is " + other.stacking + " at stage " + other.stage + " on the same SKUs (PX-23)",
                "Say " + other.stacking + ", or put both into one exclusion group");
    }

    private static boolean apart(JsonNode some, JsonNode others) {
        if (some.isEmpty() || others.isEmpty()) return false;
        for (var one : some) for (var other : others) if (one.asString("").equals(other.asString(""))) return false;
        return true;
    }

    /// SCH-09: a scheme for warehouses names the distributors they belong to, and each of those has one in it.
    private static void checkWarehouses(Draft<SchemeForm> draft, JsonNode asks, Names names) {
        var warehouses = asks.path("warehouseIds");
        if (warehouses.isEmpty()) return;
        var distributors = asks.path("distributorIds");
        if (distributors.isEmpty()) draft.fault("eligibility/distributorIds", "is missing", "Name the distributors whose warehouses these are: the scheme is theirs alone");
        var without = new HashSet<String>();
        for (var distributor : distributors) without.add(distributor.asString(""));
        for (int at = 0; at < warehouses.size(); at++) {
            var warehouse = names.warehouses.get(warehouses.get(at).asString(""));
            if (warehouse == null) continue;
            var pointer = "eligibility/warehouseIds/" + at;
            if (!warehouse.status.equals("ACTIVE")) draft.fault(pointer, warehouse.code + " is " + warehouse.status + ": no bill leaves from it", "Name a warehouse in use");
            boolean named = false;
            for (var distributor : distributors) named |= distributor.asString("").equals(warehouse.distributorId);
            if (!named && !distributors.isEmpty())
                draft.fault(pointer, warehouse.code + " is a warehouse of " + warehouse.distributor + ", which the scheme does not name", "A warehouse of the distributors in distributorIds, or name " + warehouse.distributor + ", too");
            without.remove(warehouse.distributorId);
        }
        for (int at = 0; at < distributors.size(); at++)
            if (draft.isGood() && without.contains(distributors.get(at).asString("")))
                draft.fault("eligibility/distributorIds/" + at, draft.form().at("eligibility", "distributorIds").path(at).asString("") + " has no warehouse in the scheme: it would never apply there",
                        "Name a warehouse of it, or leave the distributor out");
    }

    private static List<Live> live(JdbcClient db, Map<Long, Map<String, Sku>> skus, LocalDate today) {
        var live = new ArrayList<Live>();
        db.sql("""
                select s.code, s.principal_id, v.definition, v.valid_from, v.valid_to
                  from schemes.scheme s join schemes.scheme_version v on v.scheme_id = s.id
                 where v.status = 'ACTIVE' and v.valid_to >= :today and v.stage <> 'ACCRUAL'""").param("today", today)
                .query(row -> {
                    var node = JSON.readTree(row.getString("definition"));
                    live.add(new Live(row.getString("code"), node.path("stage").asString(""), stacking(node), text(node, "exclusionGroup"), row.getObject("valid_from", LocalDate.class),
                            row.getObject("valid_to", LocalDate.class), taking(node, skus.getOrDefault(row.getLong("principal_id"), Map.of()).values()),
                            node.path("eligibility")));
                });
        return live;
    }

    private static boolean has(JsonNode array, long id) {
        for (var item : array) if (item.asString("").equals(Long.toString(id))) return true;
        return false;
    }

    private static @Nullable String text(JsonNode node, String name) {
        var value = node.path(name);
        return value.isMissingNode() || value.isNull() ? null : value.asString();
    }

    /// What the rules would evaluate of a checked draft; null if it cannot be evaluated.
    public static @Nullable ObjectNode definition(Draft<SchemeForm> draft) {
        return draft.found("definition") instanceof String text ? (ObjectNode) JSON.readTree(text) : null;
    }

    /// What a person wrote, read back from the definition.
    public static SchemeForm form(ResultSet row) throws SQLException {
        var codes = Map.of(Named.SKU, JSON.readTree(row.getString("skus")), Named.BRAND, JSON.readTree(row.getString("brands")), Named.CATEGORY,
                JSON.readTree(row.getString("categories")), Named.DISTRIBUTOR, JSON.readTree(row.getString("distributors")), Named.WAREHOUSE, JSON.readTree(row.getString("warehouses")));
        var definition = (ObjectNode) JSON.readTree(row.getString("definition"));
        var terms = References.replaced(definition, (kind, id) -> {
            var code = codes.get(kind).path(id);
            return code.isMissingNode() ? null : code.asString();
        }, (_, _, _) -> {});
        for (var own : SchemeBody.OWN) terms.remove(own);
        return new SchemeForm(row.getString("code"), row.getString("name"), row.getString("principal"), row.getObject("valid_from", LocalDate.class), row.getObject("valid_to", LocalDate.class), terms);
    }

    @Override
    protected void writeParts(Batches batches, List<Draft<SchemeForm>> drafts) {
        var ends = new ArrayList<Map<String, ?>>();
        var rows = new ArrayList<Map<String, ?>>();
        for (var draft : drafts) {
            var form = draft.form();
            if (!draft.isNew()) ends.add(Map.of("id", draft.id(), "version", draft.version(), "from", form.validFrom(), "end", form.validFrom().minusDays(1)));
            rows.add(Map.of("id", draft.id(), "version", draft.version(), "principal", draft.found("principalId"), "name", form.name(), "mechanic", form.mechanic(),
                    "definition", draft.found("definition"), "from", form.validFrom(), "to", form.validTo(), "now", clock.instant()));
        }
        if (!ends.isEmpty()) batches.run("""
                update schemes.scheme_version set valid_to = :end, version = version + 1
                 where scheme_id = :id and version_no < :version and valid_to >= :from""", ends);
        batches.run("""
                insert into schemes.scheme_version (scheme_id, version_no, principal_id, name, mechanic, definition, valid_from, valid_to, status, created_at)
                values (:id, :version, :principal, :name, :mechanic, :definition::jsonb, :from, :to, 'ACTIVE', :now)""", rows);
    }

    @Override
    protected Collection<String> raises(long distributorId, Draft<SchemeForm> draft) {
        return Set.of(ConfigVersions.NATIONAL);
    }

    // ---- governed

    @Override
    public Duty duty() {
        return Duty.SCHEME;
    }

    @Override
    public @Nullable LocalDate effectiveTo(SchemeForm form) {
        return form.validTo();
    }

    @Override
    public SchemeForm from(SchemeForm form, LocalDate day) {
        return form.during(day, form.lastDayFrom(day));
    }

    @Override
    public @Nullable BigDecimal budget(SchemeForm form) {
        var amount = form.at("limits").path("total").path("amount");
        return amount.isString() ? new BigDecimal(amount.asString()) : null;
    }

    /// What a checked draft's author should know before it is proposed: the master's findings and those of the rules that need no prices. A
    /// change request is checked against the whole book.
    public List<Finding> preview(JdbcClient db, Draft<SchemeForm> draft) {
        var found = new ArrayList<>(findings(db, 0, draft));
        var definition = definition(draft);
        if (definition != null)
            for (var finding : checks.of(db, definition)) if (found.stream().noneMatch(known -> known.code().equals(finding.code()))) found.add(finding);
        return found;
    }

    @Override
    public List<Finding> findings(JdbcClient db, long distributorId, Draft<SchemeForm> draft) {
        var found = new ArrayList<>(SchemeBody.findings(draft.form()));
        var reward = definition(draft);
        var ids = new ArrayList<String>();
        if (reward != null) reward.path("mechanic").findValues("rewardSkuId").forEach(id -> ids.add(id.asString()));
        if (!ids.isEmpty()) {
            db.sql("select code, status from " + CatalogRelations.SKUS + " s where id::text = any (:ids) and status <> 'ACTIVE'").param("ids", ids.toArray(String[]::new)).query(row -> {
                found.add(Finding.error("REWARD_NOT_IN_ASSORTMENT", "domain/04 4.4", "mechanic", row.getString(1) + " is " + row.getString(2) + ": nobody could be given it", "Give an SKU that is sold"));
            });
        }
        if (definition(draft) instanceof ObjectNode body && body.path("eligibility").path("mslCompliantOnly").asBoolean(false)) {
            int listed = db.sql("select count(*) from " + CatalogRelations.MUST_SELL + " m where m.principal_id::text = :principal and (m.valid_to is null or m.valid_to >= :from)")
                    .param("principal", body.path("principalId").asString()).param("from", draft.form().validFrom()).query(Integer.class).single();
            if (listed == 0) found.add(Finding.warning("MUST_SELL_LIST_MISSING", "domain/04 4.2", "eligibility", "the principal has no must-sell list: no outlet would be eligible", "Put a must-sell list into force first"));
        }
        return found;
    }

    @Override
    public boolean simulates() {
        return true;
    }

    @Override
    public java.util.function.Consumer<ObjectNode> inBook(JdbcClient db, Draft<SchemeForm> draft) {
        var definition = definition(draft);
        if (definition == null) return _ -> {};
        var id = definition.path("id").asString();
        var principal = definition.path("principalId").asString();
        // what it would cost without its total is what the total is compared with
        if (definition.get("limits") instanceof ObjectNode limits) limits.remove("total");
        return book -> {
            var schemes = book.withArray("/schemes");
            var kept = JSON.createArrayNode();
            for (var scheme : schemes) if (!scheme.path("id").asString("").equals(id)) kept.add(scheme);
            for (var one : book.path("principals")) {
                if (one.path("id").asString("").equals(principal)) kept.add(definition.deepCopy().put("validFrom", book.path("validFrom").asInt()).put("validTo", book.path("validTo").asInt()));
            }
            book.set("schemes", kept);
        };
    }
}
