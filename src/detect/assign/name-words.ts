const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** Words that say password, in English, German, French, Spanish and Portuguese. */
export const PASSWORD = set(`
  identified password passwords passwd passwds passwort pass pwd pwds passphrase passcode psw pswd passw kennwort
  contrasena contrasenia clave senha mdp motdepasse userpass dbpass userpassword userpwd dbpassword dbpasswd dbpwd
  rootpassword rootpass adminpassword adminpass mysqlpass authpass sshpass smtppass newpassword oldpassword mypassword
  storepass storepassword keypass keypassword sharedpassword ldappassword masterpassword sqlpassword verifypassword
  confirmpassword userpasswd
`);

/** Words that say secret. */
export const SECRET = set(`
  secret secrets secretkey sharedsecret clientsecret appsecret consumersecret jwtsecret apisecret secrete mysecret
  authsecret cookiesecret sessionsecret segredo secreto geheimnis geheim tokensecret
`);

/** Words that say token. */
export const TOKEN = set(`
  token tokens accesstoken authtoken apitoken refreshtoken bearertoken usertoken logintoken sessiontoken bottoken
  idtoken jeton mytoken admintoken deploytoken securitytoken oauthtoken
`);

/** Words that say key to something, run together. */
export const KEY = set(`
  apikey apikeys accesskey authkey secretaccesskey privatekey encryptionkey signingkey masterkey licensekey appkey
  accountkey storagekey consumerkey chave clavesecreta encryptkey aeskey cryptkey subscriptionkey
`);

/** Words that say credential. */
export const AUTH = set(`
  auth authorization credential credentials creds cred bearer basicauth authentication
`);

/** Those of AUTH that open the names of other things: `auth_host`. */
export const GENERIC_AUTH = set(`
  auth authorization authentication bearer basicauth
`);

/** Words before `key` that make it a key to something. */
export const KEY_HEADS = set(`
  api access auth secret private encryption encrypt encrypted signing sign master license account storage consumer
  client app application aes hmac jwt crypto cipher des rsa session service admin root deploy shared ssh ssl server
  user customer subscription integration webhook bot dev developer vault unseal recovery wrapped wrapping data dek kek
  security secure hash hashing cookie signature write read ingest instrumentation sas stripe aws azure google gcp maps
  github gitlab slack sendgrid mailgun twilio openai anthropic datadog algolia firebase heroku npm tsig tsg s3 bucket
  minio meilisearch pusher nexmo cloudflare digitalocean linode vultr ovh gandi dns tgc webflow activation product
  serial
`);

/** Last words that make a name speak of something about a secret instead of the secret. */
export const TAILS = set(`
  type types name names field fields url urls uri path paths file files filename filepath dir directory folder id ids
  length len size count number min max policy policies hint reset expires expiry expire expiration expired expiresin
  ttl timeout date time timestamp at since age lifetime duration interval format regex regexp pattern prefix suffix
  header headers label title message messages msg error errors err required enabled disabled prompt class cls input
  manager provider providers service store storage handler factory generator validator validation encoder hasher
  digest alg algo algorithm algorithms method mode scope scopes endpoint version index idx column col table ref refs
  reference arn selector selectors param params parameter parameters arg args argument option options flag flags
  callback cb fn func function event events action actions page screen view form button link text icon image
  placeholder visible visibility show hidden strength score rule rules check checker status state kind source location
  position start end begin line alias aliases encoding charset char chars character characters separator delimiter sep
  case level levels limit limits usage used user username users owner group groups role roles permission permissions
  request response schema spec template templates description desc doc docs help comment note example examples test
  tests mapper map mapping list array set collection context ctx config configuration setting settings props property
  properties item items entry entries resource resources attribute attributes attr env var variable vars binding cache
  rotation rotate change changed changes update updated created create delete deleted exists success fail failed
  failure invalid valid incorrect mismatch match matches needed missing available active parser tokenizer stream
  buffer stats info details fingerprint thumbprint issuer audience domain host hostname port ip server address iv
  nonce iterations rounds cost bits exchange agreement verification verifier word words press pressed down up code
  codes color ring guard middleware strategy plugin module package lib helper helpers util utils builder client
  exception interface impl base abstract listener adapter wrapper proxy model dto entity record row cell node tree
  element el widget control component dialog modal window popup menu tab panel frequency sent sender
`);

/** Last words that leave a name what it is. */
export const VARIANTS = set(`
  value val values base64 b64 hex hexa string str plain plaintext raw default test testing prod production dev
  development staging live old new current confirmation confirm again repeat verify one two first second a b c x y
  backup main primary secondary env here encoded enc base bytes data body master super secure
`);

/** Words that empty a name of its meaning wherever they stand. */
export const SPOILERS = set(`
  public pub csrf xsrf authenticity forgot forgotten tokenizer parser syntax keyboard hotkey encrypted hashed typeof
  instanceof
`);

/** Words of names that mostly hold text for people. */
export const TEXTS = set(`
  label lbl title msg message error err mandatory placeholder tooltip txt invalid i18n translation
`);

/** Words that empty a name of its meaning directly before the keyword. */
export const HEADS = set(`
  max min num count total primary foreign unique partition sort shard cache lexer shortcut pagination page next prev
  previous continuation cursor sync cancellation cancel has is can should was show hide toggle enable disable allow
  require requires no without lost recv start end begin left right
`);
