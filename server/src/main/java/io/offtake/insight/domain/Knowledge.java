package io.offtake.insight.domain;

import io.offtake.insight.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Of which distributors of a plan each kind of facts is known: of those that ever sent one, of a principal that the plan may see.
/// It is settled before a statement is written, so that no statement has to look.
public final class Knowledge {
    /// Dimensions that say which distributors a group is made of.
    private static final Set<String> PLACES = Set.of("region", "territory", "distributor", "tier", "super-stockist");

    /// Of how many distributors of a group a figure is known.
    ///
    /// @param known those that ever sent facts of its kind
    /// @param of    all of them
    public record Share(int known, int of) {
        public boolean partial() {
            return known > 0 && known < of;
        }
    }

    private final Plan plan;
    private final Map<String, FactKind> kinds;
    private final @Nullable Set<Long> holders;
    private final Map<FactKind, Map<Long, Set<Long>>> sent;
    private final Map<Long, Place> places = new LinkedHashMap<>();
    private final List<Integer> keyed = new ArrayList<>();
    private final boolean byPrincipal;
    private final boolean byOutlet;
    private final Map<FactKind, Set<Long>> known = new EnumMap<>(FactKind.class);
    private final Map<FactKind, Map<List<@Nullable Object>, Share>> groups = new HashMap<>();

    private Knowledge(Plan plan, Map<String, FactKind> kinds, Map<FactKind, Map<Long, Set<Long>>> sent, @Nullable Set<Long> holders) {
        this.plan = plan;
        this.holders = holders;
        this.kinds = kinds;
        this.sent = sent;
        for (int i = 0; i < plan.dimensions().size(); i++) if (PLACES.contains(plan.dimensions().get(i).id())) keyed.add(i);
        this.byPrincipal = plan.by("principal");
        this.byOutlet = plan.by("outlet") || plan.by("beat");
        for (var place : plan.places()) if (passes(place) && (holders == null || holders.contains(place.id()))) places.put(place.id(), place);
        for (var kind : sent.keySet()) known.put(kind, places.values().stream().filter(place -> knows(kind, place)).map(Place::id).collect(Collectors.toCollection(LinkedHashSet::new)));
    }

    /// @param kinds   metric → the kind of facts that must be known for it
    /// @param sent    kind → distributor → principals; of the kinds left out everything is known
    /// @param holders the distributors of the outlets and beats that the plan names; null if it names none
    public static Knowledge of(Plan plan, Map<String, FactKind> kinds, Map<FactKind, Map<Long, Set<Long>>> sent, @Nullable Set<Long> holders) {
        return new Knowledge(plan, kinds, sent, holders);
    }

    /// Everything is known of everyone.
    public static Knowledge whole(Plan plan) {
        return new Knowledge(plan, Map.of(), Map.of(), null);
    }

    /// The same of a question that is asked by nothing.
    public Knowledge ofTotal() {
        return new Knowledge(plan.whole(), kinds, sent, holders);
    }

    /// The kind of facts that must be known for a metric; null if it is made of what is known of everyone.
    public @Nullable FactKind kind(Metric metric) {
        return kinds.get(metric.id());
    }

    private boolean passes(Place place) {
        for (var filter : plan.filters()) {
            var key = switch (filter.dimension().id()) {
                case "tier" -> place.tier();
                case "super-stockist" -> place.supplierId();
                default -> null;
            };
            boolean here = filter.dimension().id().equals("tier") || filter.dimension().id().equals("super-stockist");
            if (here && (key == null ? !filter.orNone() : !filter.keys().contains(key))) return false;
        }
        return true;
    }

    private boolean knows(FactKind kind, Place place) {
        var principals = principals(kind, place);
        return plan.principals() == null || !kind.ofPrincipals() ? !principals.isEmpty() : principals.stream().anyMatch(plan.principals()::contains);
    }

    private Set<Long> principals(FactKind kind, Place place) {
        return sent.getOrDefault(kind, Map.of()).getOrDefault(place.id(), Set.of());
    }

    /// Whether facts of a kind are known of every distributor.
    public boolean all(FactKind kind) {
        var of = known.get(kind);
        return of == null || of.size() == places.size();
    }

    public boolean none(FactKind kind) {
        var of = known.get(kind);
        return of != null && of.isEmpty();
    }

    /// Whether there may be groups of which facts of a kind are not known.
    public boolean open(FactKind kind) {
        return !all(kind) || byPrincipal && kind.ofPrincipals() && sent.containsKey(kind);
    }

    /// The distributors that facts of a kind are known of.
    public long[] distributors(FactKind kind) {
        return known.getOrDefault(kind, places.keySet()).stream().mapToLong(Long::longValue).toArray();
    }

    /// Of how many distributors a total is known.
    public Share total(FactKind kind) {
        return new Share(known.getOrDefault(kind, places.keySet()).size(), places.size());
    }

    /// Of how many distributors a group is known.
    ///
    /// @param keys   of the group, in the order of the plan's dimensions
    /// @param holder the distributor of the group's outlet or beat; null where it is asked by neither
    public Share group(FactKind kind, List<@Nullable Object> keys, @Nullable Long holder) {
        if (!open(kind) || keys.isEmpty()) return total(kind);
        if (byOutlet) {
            if (holder == null) return total(kind);
            return new Share(known.getOrDefault(kind, Set.of()).contains(holder) ? 1 : 0, 1);
        }
        var dimensions = dimensions(kind);
        if (dimensions.isEmpty()) return total(kind);
        var key = new ArrayList<@Nullable Object>();
        for (int i : dimensions) key.add(keys.get(i));
        return groups(kind).getOrDefault(key, new Share(0, 0));
    }

    /// Places of the dimensions, in the plan, by which a kind of facts is known of some groups and not of others.
    public List<Integer> dimensions(FactKind kind) {
        var all = new ArrayList<>(keyed);
        for (int i = 0; i < plan.dimensions().size() && kind.ofPrincipals(); i++) if (plan.dimensions().get(i).id().equals("principal")) all.add(i);
        return all;
    }

    /// The keys on those dimensions of the groups that facts of a kind are known of.
    public Set<List<@Nullable Object>> keys(FactKind kind) {
        return groups(kind).entrySet().stream().filter(group -> group.getValue().known > 0).map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    private Map<List<@Nullable Object>, Share> groups(FactKind kind) {
        return groups.computeIfAbsent(kind, _ -> {
            var here = new HashMap<List<@Nullable Object>, Set<Long>>();
            var all = new HashMap<List<@Nullable Object>, Set<Long>>();
            var dimensions = dimensions(kind);
            boolean apart = byPrincipal && kind.ofPrincipals();
            for (var place : places.values()) {
                var key = key(place, dimensions);
                all.computeIfAbsent(key, _ -> new HashSet<>()).add(place.id());
                if (!apart) {
                    if (knows(kind, place)) here.computeIfAbsent(key, _ -> new HashSet<>()).add(place.id());
                    continue;
                }
                for (var principal : principals(kind, place)) {
                    if (plan.principals() != null && !plan.principals().contains(principal)) continue;
                    var own = new ArrayList<>(key);
                    for (int i = 0; i < own.size(); i++) if (plan.dimensions().get(dimensions.get(i)).id().equals("principal")) own.set(i, principal);
                    here.computeIfAbsent(own, _ -> new HashSet<>()).add(place.id());
                }
            }
            var shares = new HashMap<List<@Nullable Object>, Share>();
            // who does not trade a principal's goods is no gap in what is known of them: of principals, only what is known counts
            if (!apart) all.forEach((key, ids) -> shares.put(key, new Share(0, ids.size())));
            here.forEach((key, ids) -> shares.put(key, new Share(ids.size(), apart ? ids.size() : all.get(key).size())));
            return shares;
        });
    }

    private List<@Nullable Object> key(Place place, List<Integer> dimensions) {
        return Arrays.asList(dimensions.stream().map(i -> switch (plan.dimensions().get(i).id()) {
            case "region" -> place.regionId();
            case "territory" -> place.territoryId();
            case "distributor" -> (Long) place.id();
            case "tier" -> place.tier();
            case "super-stockist" -> place.supplierId();
            default -> null;
        }).toArray());
    }
}
