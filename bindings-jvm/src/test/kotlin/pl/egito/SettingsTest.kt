package pl.egito

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Settings as Kotlin and Java pass them. The shared suite tests what they do. */
class SettingsTest {
    @Test
    fun `text that UTF-8 cannot contain is refused, so that no other password is sent`() {
        val half = "\ud800"
        assertTrue(message { Egito.fromJson("""{"name":"firma","password":"$half"}""") }!!.startsWith("invalid `settings`: not valid text"))
        assertTrue(message { Egito { name = "firma"; password = half } }!!.contains("half of a surrogate pair"))
    }

    @Test
    fun `settings are shown without their values`() {
        Egito { name = "firma"; clientId = "c"; clientSecret = "s3cret"; username = "u"; password = "s3cret" }.use {
            assertEquals("AsyncEgito(https://firma.egito.pl)", it.async().toString())
        }
        assertEquals("EgitoBuilder(name, password)", Egito.builder().name("firma").password("s3cret").toString())
        assertEquals("CallSettings(maxRetries)", CallSettings().maxRetries(0).toString())
    }

    @Test
    fun `a setting that is invalid or missing is an error before anything is sent`() {
        assertEquals("invalid `timeout`: expected a number of seconds, more than 0, got -1", message { Egito { timeout = (-1).seconds } })
        assertEquals("invalid `timeout`: expected at most 31536000 seconds", message {
            Egito { name = "firma"; clientId = "c"; clientSecret = "s"; username = "u"; password = "p"; timeout = Duration.INFINITE }
        })
        assertEquals("unknown setting `timout`: did you mean `timeout`?", message { Egito.fromJson("""{"timout":3}""") })
        assertTrue(message { Egito.builder().name("firma").build() }!!.startsWith("the settings `clientId`"))
    }

    @Test
    fun `a builder takes null as a setting that is not set`() {
        fun builder() = Egito.builder().name("firma").clientId("c").clientSecret("s").password("p")
        val missing = assertThrows<ConfigException> { builder().username(null).build() }
        assertEquals("username", missing.setting)
        assertEquals(message { builder().build() }, missing.message)
        builder().username("u").timeout(null).headers(null).build().close()
    }
}
