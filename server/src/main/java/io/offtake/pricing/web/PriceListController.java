package io.offtake.pricing.web;

import io.offtake.access.Caller;
import io.offtake.governance.ChangeRequests;
import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.platform.IfMatch;
import io.offtake.pricing.app.Publishing;
import io.offtake.pricing.store.PriceListMaster;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.net.URI;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/price-lists")
@Tag(name = "price-lists")
class PriceListController extends MasterController<PriceListMaster.PriceListForm, PriceListController.PriceListView> {

    record PriceListView(long id, int version, String code, int versionNo, String name, long principalId, String principal, int level, @Nullable Long distributorId,
                         String distributor, @Nullable String zone, @Nullable String channel, @Nullable String outletClass, String priceType, boolean taxInclusive,
                         boolean mrpLinked, @Nullable BigDecimal marginPercent, @Nullable String marginBasis, @Nullable String priceUnit, LocalDate validFrom,
                         @Nullable LocalDate validTo, String status, int lines) implements Versioned {}

    /// @param reason why prices change by more than 20 %, if they do
    record Publication(@Nullable String reason) {}

    /// @param validFrom first day of the new version; the one before ends the day before when the new one is published
    record NextVersion(LocalDate validFrom, @Nullable LocalDate validTo) {}

    private final Publishing publishing;

    PriceListController(Masters masters, PriceListMaster master, Publishing publishing) {
        super(masters, master, DataClassRowMapper.newInstance(PriceListView.class));
        this.publishing = publishing;
    }

    @PostMapping("/{id}/publication")
    @Operation(summary = "Publish", description = "Checks PTS < PTR, PTR with tax ≤ MRP, changes above 20 %, and ties (PX-01); 202 with a submitted change request. Approved, it ends the version before.")
    ResponseEntity<ChangeRequests.Detail> publish(Caller caller, @PathVariable long id, IfMatch version, @RequestBody Publication publication) {
        return accepted(publishing.publish(caller, id, version, publication.reason()));
    }

    @PostMapping("/{id}/versions")
    @Operation(summary = "New version", description = "A draft with the lines of this version, to be changed and published.")
    ResponseEntity<PriceListView> nextVersion(Caller caller, @PathVariable long id, @RequestBody NextVersion next) {
        if (next.validFrom() == null) {
            throw io.offtake.platform.Problem.of(io.offtake.platform.ProblemCode.INVALID).at("/validFrom", io.offtake.platform.ProblemCode.INVALID, "is missing").exception();
        }
        long made = publishing.nextVersion(caller, id, next.validFrom(), next.validTo());
        var found = read(caller, Long.toString(made));
        return ResponseEntity.status(HttpStatus.CREATED).headers(found.getHeaders()).location(URI.create("/api/v1/price-lists/" + made)).body(found.getBody());
    }
}
