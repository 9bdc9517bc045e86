package dev.events.sample.partner;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Properties {@code sample.partner.*}.
 *
 * @param secret Secret that signs webhooks to the partner, whsec_ and Base64.
 */
@ConfigurationProperties("sample.partner")
record PartnerProperties(String secret) {

}
