package io.offtake.insight.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.platform.Page;
import io.offtake.platform.TenantTransaction;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Places for the map (T5): distributors in the middle of their outlets, outlets as dots with how long they have not bought.
@RestController
@RequestMapping("/api/v1/map")
@Tag(name = "map")
class MapController {
    private static final int OUTLETS_MAX = 20_000;

    /// @param located outlets with a point
    record DistributorPlace(long distributorId, String code, String name, @Nullable String region, @Nullable String territory, @Nullable BigDecimal latitude, @Nullable BigDecimal longitude, int outlets, int located, String tier, @Nullable Long supplierId) {}

    /// @param state ACTIVE: billed in the last 60 days; DORMANT: in 90; LOST: longer ago; NEVER
    record OutletPlace(UUID id, String code, String name, String channel, String outletClass, BigDecimal latitude, BigDecimal longitude, @Nullable LocalDate lastBilledOn, BigDecimal nsvL3m, String state) {}

    private final TenantTransaction transactions;
    private final Clock clock;

    MapController(TenantTransaction transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    @GetMapping
    @Operation(summary = "Distributors on the map", operationId = "listMapDistributors")
    Page<DistributorPlace> distributors(Caller caller) {
        caller.require(Permission.INSIGHT_READ);
        return Page.all(transactions.read(caller.scope(), db -> db.sql("""
                select d.id as distributor_id, d.code, d.name, case when t.kind = 'REGION' then t.name when p.kind = 'REGION' then p.name when g.kind = 'REGION' then g.name end as region, t.name as territory,
                       round(o.latitude, 6) as latitude, round(o.longitude, 6) as longitude, coalesce(o.outlets, 0)::integer as outlets, coalesce(o.located, 0)::integer as located, d.tier, d.supplier_id
                  from network.distributor d
                  left join network.territory t on t.id = d.territory_id
                  left join network.territory p on p.id = t.parent_id
                  left join network.territory g on g.id = p.parent_id
                  left join (select distributor_id, avg(latitude) as latitude, avg(longitude) as longitude, count(*) as outlets, count(latitude) as located from network.outlet where distributor_id = any (:ids) group by distributor_id) o
                    on o.distributor_id = d.id
                 where d.id = any (:ids) order by d.code""").param("ids", caller.scope().distributors().toArray(Long[]::new)).query(DistributorPlace.class).list()));
    }

    @GetMapping("/outlets")
    @Operation(summary = "Outlets on the map", operationId = "listMapOutlets", description = "Those of one distributor that have a point, at most 20,000.")
    Page<OutletPlace> outlets(Caller caller, @RequestParam long distributorId) {
        caller.require(Permission.INSIGHT_READ, distributorId);
        var today = LocalDate.now(clock);
        return Page.all(transactions.read(caller.scope(), db -> db.sql("""
                select o.id, o.code, o.name, o.channel, o.outlet_class, o.latitude, o.longitude, s.last_billed_on, coalesce(s.nsv, 0) as nsv_l3m,
                       case when s.last_billed_on is null then 'NEVER' when s.last_billed_on > :active then 'ACTIVE' when s.last_billed_on > :dormant then 'DORMANT' else 'LOST' end as state
                  from network.outlet o
                  left join (select outlet_id, max(business_date) filter (where kind = 'INVOICE') as last_billed_on, sum(nsv) filter (where business_date >= :quarter) as nsv from insight.sales_document
                              where distributor_id = :distributor and not cancelled group by outlet_id) s on s.outlet_id = o.id
                 where o.distributor_id = :distributor and o.latitude is not null and o.longitude is not null and o.status not in ('PROSPECT', 'REJECTED', 'CLOSED')
                 order by o.code limit :most""").param("distributor", distributorId).param("active", today.minusDays(60)).param("dormant", today.minusDays(90))
                .param("quarter", today.withDayOfMonth(1).minusMonths(3)).param("most", OUTLETS_MAX).query(OutletPlace.class).list()));
    }
}
