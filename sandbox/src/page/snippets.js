/** The settings of a client for this sandbox, as code of each language. */

import { show } from './api.js';
import { byId, element } from './dom.js';
import { text as translated } from './language.js';
import { attempt, copy } from './messages.js';
import { remember, remembered } from './storage.js';

/** Returns the code for a language; `s` are the settings. Strings of JSON are valid in all languages that use `text`. */
const text = JSON.stringify;
const single = (value) => `'${value.replace(/[\\']/g, '\\$&')}'`;
const shell = (value) => `'${value.replaceAll("'", "'\\''")}'`;
/** `$` starts a variable in a string of Kotlin. */
const kotlin = (value) => text(value).replaceAll('$', '\\$');

const SNIPPETS = {
  Python: (s) => `import egito

client = egito.Client(
    base_url=${text(s.base_url)},
    client_id=${text(s.client_id)},
    client_secret=${text(s.client_secret)},
    username=${text(s.username)},
    password=${text(s.password)},
)
print(client.accounts.list().first()["name"])`,
  'Node.js': (s) => `import { Client } from 'egito';

const client = new Client({
  baseUrl: ${text(s.base_url)},
  clientId: ${text(s.client_id)},
  clientSecret: ${text(s.client_secret)},
  username: ${text(s.username)},
  password: ${text(s.password)},
});
console.log((await client.accounts.get(1)).name);`,
  C: (s) => `#include <egito.h>
#include <stdio.h>

int main(void) {
    egito_object *settings = NULL;
    egito_client *client = NULL;
    egito_error *error = NULL;
    egito_object_new(&settings, NULL);
    egito_object_set_string(settings, "base_url", ${text(s.base_url)}, NULL);
    egito_object_set_string(settings, "client_id", ${text(s.client_id)}, NULL);
    egito_object_set_string(settings, "client_secret", ${text(s.client_secret)}, NULL);
    egito_object_set_string(settings, "username", ${text(s.username)}, NULL);
    egito_object_set_string(settings, "password", ${text(s.password)}, NULL);
    if (egito_client_new(egito_object_json(settings), &client, &error) != EGITO_OK)
        fprintf(stderr, "%s\\n", egito_error_message(error));
    egito_error_free(error);
    egito_object_free(settings);
    egito_client_free(client);
}`,
  'C++': (s) => `#include <egito.hpp>
#include <iostream>

int main() {
    const egito::client client(egito::settings()
                                   .base_url(${text(s.base_url)})
                                   .client_id(${text(s.client_id)})
                                   .client_secret(${text(s.client_secret)})
                                   .username(${text(s.username)})
                                   .password(${text(s.password)}));
    std::cout << client.accounts().get("1").get_string("name").value_or("") << '\\n';
}`,
  PHP: (s) => `<?php
require 'vendor/autoload.php';

$client = new Egito\\Client([
    'base_url' => ${single(s.base_url)},
    'client_id' => ${single(s.client_id)},
    'client_secret' => ${single(s.client_secret)},
    'username' => ${single(s.username)},
    'password' => ${single(s.password)},
]);
echo $client->accounts()->get(1)['name'], "\\n";`,
  Kotlin: (s) => `import pl.egito.Egito

fun main() = Egito {
    baseUrl = ${kotlin(s.base_url)}
    clientId = ${kotlin(s.client_id)}
    clientSecret = ${kotlin(s.client_secret)}
    username = ${kotlin(s.username)}
    password = ${kotlin(s.password)}
}.use { egito ->
    println(egito.accounts.get(1)["name"])
}`,
  Java: (s) => `import pl.egito.Egito;

class Example {
    public static void main(String[] arguments) {
        try (Egito egito = Egito.builder()
                .baseUrl(${text(s.base_url)})
                .clientId(${text(s.client_id)})
                .clientSecret(${text(s.client_secret)})
                .username(${text(s.username)})
                .password(${text(s.password)})
                .build()) {
            System.out.println(egito.accounts().get(1).get("name"));
        }
    }
}`,
  Rust: (s) => `fn main() -> Result<(), egito::Error> {
    let client = egito::blocking::Client::builder()
        .base_url(${text(s.base_url)})
        .client_id(${text(s.client_id)})
        .client_secret(${text(s.client_secret)})
        .username(${text(s.username)})
        .password(${text(s.password)})
        .build()?;
    println!("{}", client.accounts().get(1)?.json());
    Ok(())
}`,
  environment: (s) => `# for from_env() in every language
export EGITO_BASE_URL=${shell(s.base_url)}
export EGITO_API_ID=${shell(s.client_id)}
export EGITO_API_SECRET=${shell(s.client_secret)}
export EGITO_USERNAME=${shell(s.username)}
export EGITO_PASSWORD=${shell(s.password)}`,
  TOML: (s) => `# egito.toml, for from_file("egito.toml")
base_url = ${text(s.base_url)}
client_id = ${text(s.client_id)}
client_secret = ${text(s.client_secret)}
username = ${text(s.username)}
password = ${text(s.password)}`,
};

let settings = null;

export function startSnippets() {
  const chosen = remembered('snippet') in SNIPPETS ? remembered('snippet') : 'Python';
  byId('snippet-languages').append(...Object.keys(SNIPPETS).map((name) => radio(name, name === chosen)));
  byId('snippet-copy').addEventListener('click', () => copy(byId('snippet').textContent));
  return {
    open: () =>
      attempt(async () => {
        settings = await show('settings');
        render();
      }),
  };
}

function radio(name, checked) {
  const choose = () => {
    remember('snippet', name);
    render();
  };
  const input = element('input', { type: 'radio', name: 'snippet', value: name, checked, change: choose });
  const label = element('span', {}, name);
  if (name === 'environment') {
    label.dataset.text = 'connect.environment';
    label.textContent = translated('connect.environment');
  }
  return element('label', {}, input, label);
}

function render() {
  if (settings === null) {
    return;
  }
  const { value } = document.querySelector('input[name="snippet"]:checked');
  byId('snippet').textContent = SNIPPETS[value](settings);
}
