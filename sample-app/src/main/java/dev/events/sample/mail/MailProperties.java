package dev.events.sample.mail;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties {@code sample.mail.*}.
 *
 * @param latency How long the mail server takes for one mail.
 */
@ConfigurationProperties("sample.mail")
record MailProperties(@DefaultValue("0s") Duration latency) {

}
