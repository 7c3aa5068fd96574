package io.offtake.governance.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.PolicyKey;
import io.offtake.governance.Versioned;
import io.offtake.governance.store.PolicyMaster;
import io.offtake.platform.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/policies")
@Tag(name = "policies")
class PolicyController extends MasterController<PolicyMaster.PolicyForm, PolicyController.PolicyView> {

    record PolicyView(long id, int version, String key, String scope, String scopeValue, String value, LocalDate validFrom, @Nullable LocalDate validTo) implements Versioned {}

    /// @param builtIn what holds where no row is in force; null: the installation's settings say it
    record PolicyKeyView(String key, String kind, @Nullable String builtIn, String rule, @Nullable BigDecimal min, @Nullable BigDecimal max, Set<String> scopes) {}

    PolicyController(Masters masters, PolicyMaster master) {
        super(masters, master, DataClassRowMapper.newInstance(PolicyView.class));
    }

    @GetMapping("/keys")
    @Operation(summary = "Keys", description = "Every policy there is, what its value may be and for what it can be set.")
    Page<PolicyKeyView> keys(Caller caller) {
        caller.require(Permission.CONFIG_READ);
        return Page.all(Arrays.stream(PolicyKey.values()).map(key -> new PolicyKeyView(key.key(), key.kind().name(), key.builtIn(), key.rule(), key.min(), key.max(), key.scopes())).toList());
    }
}
