package io.offtake.billing.domain;

import io.offtake.catalog.SkuNames;
import io.offtake.network.Printed;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Names and addresses as they stood on the paper, kept with the document: a later change of a master changes no posted bill.
///
/// @param entered quantities as typed, by line
public record PrintedFacts(Printed.Seller seller, Printed.Buyer buyer, List<SkuNames.SkuName> skus, Map<Integer, String> entered, @Nullable String note) {}
