package pl.egito.bench

import com.fasterxml.jackson.annotation.JsonIgnoreProperties
import kotlinx.serialization.Serializable

/** The fields that a program needs of an account; others are ignored. Light accounts have only some of them. */
@Serializable
@JsonIgnoreProperties(ignoreUnknown = true)
data class Account(
    val id: Long,
    val name: String,
    val employees: Long,
    val dateCreated: String,
    val city: String? = null,
    val taxId: String? = null,
    val email: String? = null,
    val phone: String? = null,
    val status: String? = null,
    val creditLimit: Double? = null,
    val active: Boolean? = null,
    val address: Address? = null,
)

@Serializable
@JsonIgnoreProperties(ignoreUnknown = true)
data class Address(val street: String, val postalCode: String, val city: String, val country: String)
