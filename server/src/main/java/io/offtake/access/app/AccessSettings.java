package io.offtake.access.app;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param idle     a session ends when it was not used for so long
/// @param lifetime a session ends after this, used or not
/// @param cached   how long a node trusts what it read about a session or token
@ConfigurationProperties("offtake.access")
public record AccessSettings(@DefaultValue("12h") Duration idle, @DefaultValue("7d") Duration lifetime, @DefaultValue("10s") Duration cached) {}
