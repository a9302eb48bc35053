import type { KnownError } from './known-error.ts'

const PROXIES = 'env | grep -i _proxy= | cut -d= -f1'
const AUTHORITIES = "env | grep -E '^(AWS_CA_BUNDLE|REQUESTS_CA_BUNDLE|SSL_CERT_FILE|CURL_CA_BUNDLE)='"
const SEEN_BOTO = 'botocore/exceptions.py'

/** Of curl, the AWS CLI and boto3, on the way to AWS, an identity provider or another server of HTTPS: no databases. */
export const httpsErrors = (): readonly KnownError[] => [
  {
    id: 'https-certificate-untrusted',
    pattern:
      /curl: \(60\) SSL certificate problem(?:: [\w ,-]{1,80})?|(?:SSL validation failed for|HTTPSConnectionPool\()[^\n]{1,500}certificate verify failed(?!: Hostname)(?:: [\w ,-]{1,80})?/i,
    meaning:
      'nobody whom the client trusts has signed the certificate of this server of HTTPS; no database is concerned',
    causes: [
      'a proxy that inspects TLS stands in between, and signs with an authority of its own: AWS_CA_BUNDLE names its certificate to AWS clients, --cacert to curl',
      'AWS_CA_BUNDLE, or ca_bundle of the profile, names a file without the public authorities, as the bundle of RDS is',
      'the authorities of this system are missing or old: the package ca-certificates',
      'the server is an internal one, whose authority this system does not know',
    ],
    checks: [
      AUTHORITIES,
      PROXIES,
      'openssl s_client -connect HOST:443 -servername HOST </dev/null | openssl x509 -noout -issuer',
      'sudo update-ca-certificates',
    ],
    source: `${SEEN_BOTO}, SSLError; libcurl documentation, CURLE_PEER_FAILED_VERIFICATION`,
  },
  {
    id: 'https-handshake-failed',
    pattern: /curl: \(35\)(?: [^\n]{1,120})?/,
    meaning: 'the client and the server, or a proxy in between, did not agree on TLS',
    causes: [
      'a firewall or proxy ends connections to this host',
      'the port speaks no TLS: http, or another service',
      'the client is too old for the versions of TLS that the server takes',
    ],
    checks: ['curl --verbose --head https://HOST', PROXIES, 'openssl s_client -connect HOST:443 </dev/null'],
    source: 'libcurl documentation, CURLE_SSL_CONNECT_ERROR',
  },
  {
    id: 'proxy-login-missing',
    pattern:
      /(?:CONNECT tunnel failed, response|Received HTTP code|Tunnel connection failed:) 407(?: from proxy after CONNECT)?|407 Proxy Authentication Required/i,
    meaning: 'the proxy wants to know who asks, and was told nothing that it takes',
    causes: ['the proxy asks for a name and password, and HTTPS_PROXY has none', 'they are wrong, or have changed'],
    checks: [PROXIES, 'curl --verbose --head https://sts.amazonaws.com'],
    source: 'RFC 9110, section 15.5.8; seen with curl 7.88',
  },
  {
    id: 'https-host-unknown',
    pattern: /curl: \(6\) Could not resolve host(?:: [\w.-]{1,253})?/i,
    meaning: 'the name in the URL has no address here',
    causes: [
      'the name is mistyped',
      'no name has one: this host reaches the Internet through a proxy, or has no DNS',
      'a private name: it is known in another network only',
    ],
    checks: ['getent hosts HOST', PROXIES, 'cat /etc/resolv.conf'],
    isGeneral: true,
    source: 'libcurl documentation, CURLE_COULDNT_RESOLVE_HOST; seen with curl 7.88',
  },
  {
    id: 'https-unreachable',
    pattern:
      /curl: \((?:7|28)\) Failed to connect to \S{1,253} port (?:80|443|3128|8080|8443)\b[^\n]{0,120}|(?:Could not connect to the endpoint|Connect timeout on endpoint) URL(?:: {0,3}"[^"\s]{1,300}")?/i,
    meaning:
      'no connection to this server of HTTP came about, which says nothing of credentials; no database is concerned',
    causes: [
      'this host reaches the Internet through a proxy, and HTTPS_PROXY is not set: sudo drops it',
      'a private subnet, with neither a NAT gateway nor a VPC endpoint of the service',
      'the region is mistyped, or the service is not there: see the host in the URL',
      'a firewall stands in between, or the server is down',
    ],
    checks: ['curl --verbose --head --max-time 10 https://HOST', PROXIES, 'aws configure list', 'getent hosts HOST'],
    isGeneral: true,
    source: `${SEEN_BOTO}; seen with curl 7.88`,
  },
]
