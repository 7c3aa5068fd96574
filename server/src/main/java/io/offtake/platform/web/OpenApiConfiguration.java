package io.offtake.platform.web;

import io.offtake.platform.IfMatch;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ProblemCode;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.jackson.TypeNameResolver;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;

/// `/openapi.json`: every operation with its answers and its problems, always in the same order and words, so that clients
/// can be generated from it.
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class OpenApiConfiguration {
    private static final String PROBLEM_REF = "#/components/schemas/Problem";
    private static final Set<String> OPEN = Set.of("POST /api/v1/session", "GET /api/v1/demo/doors");

    static {
        SpringDocUtils.getConfig()
                .replaceWithSchema(BigDecimal.class, new JsonSchema().typesItem("string").format("decimal").pattern("^-?\\d{1,18}(\\.\\d{1,9})?$").example("12.50"))
                .addRequestWrapperToIgnore(ListQuery.class, IfMatch.class);
    }

    @Bean
    OpenAPI openApi() {
        var info = new Info().title("Offtake").version("1")
                .description("Distributor management and secondary sales. Decimals are strings, instants ISO 8601 in UTC, dates ISO. A refusal is an RFC 9457 problem whose `code` is stable.")
                .license(new License().name("Apache-2.0").identifier("Apache-2.0"));
        var components = new Components()
                .addSecuritySchemes("session", new SecurityScheme().type(SecurityScheme.Type.APIKEY).in(SecurityScheme.In.COOKIE).name("OFFTAKE_SESSION")
                        .description("Set by POST /api/v1/session."))
                .addSecuritySchemes("csrf", new SecurityScheme().type(SecurityScheme.Type.APIKEY).in(SecurityScheme.In.HEADER).name("X-CSRF-Token")
                        .description("The session's `csrf`, with every request that changes something."))
                .addSecuritySchemes("token", new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer").description("An API token, made at POST /api/v1/api-tokens."));
        return new OpenAPI().info(info).components(components).servers(List.of(new Server().url("/")));
    }

    /// Ids from controller and method, the parameters of lists and changes, and the problems each operation can answer.
    @Bean
    GlobalOperationCustomizer operations() {
        return (operation, handler) -> {
            var mapping = AnnotatedElementUtils.findMergedAnnotation(handler.getMethod(), RequestMapping.class);
            var method = mapping == null || mapping.method().length == 0 ? RequestMethod.GET : mapping.method()[0];
            operation.setOperationId(operationId(handler));
            var parameters = handler.getMethodParameters();
            boolean list = false;
            boolean change = false;
            boolean body = false;
            for (var parameter : parameters) {
                list |= parameter.getParameterType() == ListQuery.class;
                change |= parameter.getParameterType() == IfMatch.class;
                body |= parameter.hasParameterAnnotation(RequestBody.class);
            }
            if (list) addListParameters(operation);
            if (change) operation.addParametersItem(new Parameter().in("header").name("If-Match").required(true).description("The ETag of the version the change is based on.").schema(string()));
            successes(operation, handler, method);
            problems(operation, method, list, change, body);
            return operation;
        };
    }

    private static String operationId(HandlerMethod handler) {
        var name = handler.getBeanType().getSimpleName().replaceAll("(Controller|Endpoints?|Api)$", "");
        var method = handler.getMethod().getName();
        return name.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + name.substring(1) + method.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + method.substring(1);
    }

    private static void addListParameters(Operation operation) {
        operation.addParametersItem(new Parameter().in("query").name("cursor").description("`next` of the page before.").schema(string()));
        operation.addParametersItem(new Parameter().in("query").name("limit").description("Rows per page.").schema(new JsonSchema().typesItem("integer").minimum(BigDecimal.ONE).maximum(BigDecimal.valueOf(ListQuery.LIMIT_MAX))._default(ListQuery.LIMIT_DEFAULT)));
        operation.addParametersItem(new Parameter().in("query").name("q").description("Free text.").schema(string()));
        operation.addParametersItem(new Parameter().in("query").name("sort").description("Fields, `-` before one for descending: `code,-name`.").schema(string()));
        operation.addParametersItem(new Parameter().in("query").name("filter").style(Parameter.StyleEnum.FORM).explode(true)
                .description("Any other parameter filters: `status=ACTIVE,DORMANT`. An unknown one is answered with those there are.")
                .schema(new JsonSchema().typesItem("object").additionalProperties(string())));
    }

    private static void successes(Operation operation, HandlerMethod handler, RequestMethod method) {
        var responses = operation.getResponses();
        if (responses == null) return;
        var ok = responses.get("200");
        if (ok == null) return;
        if (ok.getDescription() == null || ok.getDescription().equals("OK")) ok.setDescription("Done.");
        if (isVoid(handler)) {
            responses.remove("200");
            responses.addApiResponse("204", new ApiResponse().description("Done; there is nothing to say."));
        } else if (method == RequestMethod.POST && handler.getMethod().getName().startsWith("create") && !responses.containsKey("201")) {
            responses.addApiResponse("201", new ApiResponse().description("Created.").content(ok.getContent())
                    .addHeaderObject("Location", new Header().schema(string())));
        }
    }

    private static boolean isVoid(HandlerMethod handler) {
        var type = handler.getMethod().getGenericReturnType();
        if (type == void.class) return true;
        return type instanceof ParameterizedType parameterized && parameterized.getRawType() == ResponseEntity.class && parameterized.getActualTypeArguments()[0] == Void.class;
    }

    private static void problems(Operation operation, RequestMethod method, boolean list, boolean change, boolean body) {
        var codes = new LinkedHashSet<>(List.of(401, 403, 404, 500, 503));
        boolean parameters = operation.getParameters() != null && !operation.getParameters().isEmpty();
        if (list || body || parameters) codes.add(400);
        if (body) codes.addAll(List.of(413, 415, 422));
        if (method != RequestMethod.GET) codes.add(409);
        if (change) codes.addAll(List.of(412, 428));
        if (operation.getResponses() == null) operation.setResponses(new ApiResponses());
        for (int code : codes) {
            var known = operation.getResponses().get(Integer.toString(code));
            if (known != null && known.getContent() != null && !known.getContent().isEmpty()) continue;
            operation.getResponses().addApiResponse(Integer.toString(code), problem(code));
        }
    }

    private static ApiResponse problem(int status) {
        var titles = Arrays.stream(ProblemCode.values()).filter(code -> code.status() == status).map(Enum::name).sorted().toList();
        return new ApiResponse().description("Problem: " + String.join(", ", titles) + ".")
                .content(new Content().addMediaType("application/problem+json", new MediaType().schema(new JsonSchema().$ref(PROBLEM_REF))));
    }

    /// Schemas are named after their record, an inner one after its outer class as well (`UserListRow`), so that two modules
    /// that both have a `Line` do not overwrite each other's.
    @Bean
    ModelResolver modelResolver(ObjectMapperProvider mappers) {
        var taken = new ConcurrentHashMap<String, Class<?>>();
        return new ModelResolver(mappers.jsonMapper(), new TypeNameResolver() {
            @Override
            protected String getNameOfClass(Class<?> type) {
                var name = schemaName(type);
                var owner = taken.putIfAbsent(name, type);
                if (owner == null || owner == type) return name;
                var module = type.getPackageName().replaceFirst("^io\\.offtake\\.", "").replaceFirst("\\..*", "");
                return module.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + module.substring(1) + name;
            }
        }).openapi31(mappers.isOpenapi31());
    }

    static String schemaName(Class<?> type) {
        var outer = type.getEnclosingClass();
        if (outer == null) return type.getSimpleName();
        var prefix = schemaName(outer).replaceFirst("(Controller|View)$", "").replaceFirst("ies$", "y").replaceFirst("s$", "");
        return type.getSimpleName().startsWith(prefix) ? type.getSimpleName() : prefix + type.getSimpleName();
    }

    /// Security per operation, the problem's schema, and an order that does not depend on how classes were loaded.
    @Bean
    GlobalOpenApiCustomizer document() {
        return api -> {
            api.getComponents().addSchemas("Problem", problemSchema()).addSchemas("ProblemFault", faultSchema());
            api.getPaths().forEach((path, item) -> item.readOperationsMap().forEach((method, operation) -> {
                if (OPEN.contains(method + " " + path)) {
                    operation.setSecurity(List.of());
                    if (path.equals("/api/v1/session")) operation.getResponses().addApiResponse("429", problem(429));
                } else {
                    var session = new SecurityRequirement().addList("session");
                    if (!method.name().equals("GET")) session.addList("csrf");
                    operation.setSecurity(List.of(session, new SecurityRequirement().addList("token")));
                }
                var sorted = new ApiResponses();
                new TreeMap<>(operation.getResponses()).forEach(sorted::addApiResponse);
                operation.setResponses(sorted);
            }));
        };
    }

    private static Schema<?> problemSchema() {
        var codes = new LinkedHashMap<String, Object>();
        for (var code : ProblemCode.values()) codes.put(code.name(), Map.of("status", code.status(), "title", code.title(), "text", code.text()));
        var code = string().description("Stable; what clients branch on. More may come.");
        code.setExtensions(new LinkedHashMap<>(Map.of("x-codes", codes)));
        Schema<?> schema = new JsonSchema().typesItem("object").description("A refusal or fault (RFC 9457). Other members depend on the code.");
        schema.addProperty("type", string().format("uri")).addProperty("title", string())
                .addProperty("status", new JsonSchema().typesItem("integer")).addProperty("detail", string().description("This occurrence, in a sentence."))
                .addProperty("code", code).addProperty("rule", string().description("Id of the rule that refused."))
                .addProperty("errors", new JsonSchema().typesItem("array").items(new JsonSchema().$ref("#/components/schemas/ProblemFault")));
        schema.setRequired(List.of("type", "title", "status", "detail", "code"));
        schema.setAdditionalProperties(true);
        return schema;
    }

    private static Schema<?> faultSchema() {
        Schema<?> schema = new JsonSchema().typesItem("object").description("One place that is not acceptable.");
        schema.addProperty("pointer", string().description("JSON pointer into the body; `?name` is a query parameter, `#name` a header."))
                .addProperty("code", string()).addProperty("detail", string()).addProperty("accepted", new JsonSchema().description("What would be accepted: a value, a list or a sentence."));
        schema.setRequired(List.of("pointer", "code", "detail"));
        return schema;
    }

    private static Schema<?> string() {
        return new JsonSchema().typesItem("string");
    }

    /// A record's components are all there unless they are `@Nullable`.
    @Bean
    ModelConverter requiredComponents() {
        return new ModelConverter() {
            @Override
            public @Nullable Schema resolve(AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
                if (!chain.hasNext()) return null;
                var schema = chain.next().resolve(type, context, chain);
                var raw = raw(type.getType());
                if (schema == null || raw == null || !raw.isRecord()) return schema;
                Schema<?> target = schema.get$ref() == null ? schema : context.getDefinedModels().get(schema.get$ref().replaceFirst(".*/", ""));
                if (target != null && target.getProperties() != null) complete(target, raw.getRecordComponents());
                return schema;
            }
        };
    }

    private static void complete(Schema<?> schema, RecordComponent[] components) {
        var required = new ArrayList<String>();
        for (var component : components) {
            var property = schema.getProperties().get(component.getName());
            if (property == null) continue;
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                required.add(component.getName());
            } else if (property.get$ref() == null && property.getTypes() != null) {
                property.getTypes().add("null");
            }
        }
        schema.setRequired(required.isEmpty() ? null : required);
    }

    private static @Nullable Class<?> raw(@Nullable Type type) {
        return switch (type) {
            case Class<?> plain -> plain;
            case ParameterizedType parameterized -> (Class<?>) parameterized.getRawType();
            case com.fasterxml.jackson.databind.JavaType java -> java.getRawClass();
            case null, default -> null;
        };
    }
}
