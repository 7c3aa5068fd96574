package io.offtake.claims;

import io.offtake.claims.app.ClaimViews;
import io.swagger.v3.oas.annotations.media.Schema;

/// One claim as its distributor reads it, with its evidence, credits and what may be done next.
@Schema(oneOf = ClaimViews.Detail.class)
public interface ClaimView {}
