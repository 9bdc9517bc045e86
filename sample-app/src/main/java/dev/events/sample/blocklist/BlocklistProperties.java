package dev.events.sample.blocklist;

import java.util.Set;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties {@code sample.blocklist.*}.
 *
 * @param domains Mail domains whose users are refused, in lower case.
 */
@ConfigurationProperties("sample.blocklist")
record BlocklistProperties(@DefaultValue Set<String> domains) {

}
