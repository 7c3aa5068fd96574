package io.offtake.access.testing;

/// What a module brings to the scope test: one sample for each of its operations in the OpenAPI document. Make it a
/// `@Component` in the module's test sources.
///
/// ```java
/// @Component
/// class OrderSamples implements OperationSamples {
///     public void add(Samples to) {
///         to.row("GET /api/v1/orders/{id}", world -> get("/api/v1/orders/" + order(world)), Role.BC);
///         to.list("GET /api/v1/orders", world -> get("/api/v1/orders"), world -> order(world).toString(), Role.BC);
///     }
/// }
/// ```
public interface OperationSamples {
    void add(Samples to);
}
