package dev.events.sample.order;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties {@code sample.order.*}.
 *
 * @param reminderAfter How long an order may be unpaid before its user is reminded.
 */
@ConfigurationProperties("sample.order")
record OrderProperties(@DefaultValue("3d") Duration reminderAfter) {

}
