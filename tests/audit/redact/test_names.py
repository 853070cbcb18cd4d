"""Which members hold secrets by their name, in any spelling."""

from __future__ import annotations

import pytest

from audit.redact.names import SecretNames

NAMES = SecretNames()

SECRET = """
password Password PASSWORD userPassword user_password user-password "user password" passwd pwd
newPassword oldPassword password2 password_confirmation passwordHash hashedPassword passphrase
apiKey api_key api-key x-api-key X-Api-Key APIKEY apikey API_KEY openaiApiKey apiKeys
token accessToken access_token ACCESS_TOKEN accesstoken refreshToken id_token idToken sessionToken
csrfToken tokens tokenValue X-Auth-Token bearerToken
clientSecret client_secret secret secrets SECRET_KEY SECRET_KEY_BASE aws_secret_access_key
authorization Authorization Proxy-Authorization HTTP_AUTHORIZATION proxyAuthorization
cookie Cookie cookies Set-Cookie set_cookie setCookie Set-Cookie2 sessionCookie
privateKey private_key PRIVATE-KEY privatekeys credential credentials awsCredentials
accessKey secretKey signingKey encryption_key sharedAccessSignature accountKey sessionKey
settings.smtp.password headers[Authorization] $password jwt bearer
Kennwort senha contrasena contraseña Contraseña mot_de_passe motDePasse wachtwoord
adgangskode lösenord
privateKeyPem PRIVATE_KEY_PEM ldap_bind_pw bindpw dbPw pw mfa_code mfaCode
verification_code verificationCodes smsCode securityAnswer security_answers securityQuestionAnswer
ssn customerSsn kubeconfig KUBECONFIG pinValue otp_hash
pin otp totp cvv cvc JSESSIONID PHPSESSID connect.sid dbPass dbpass smtp_pass app_db_pass pass xsrf
"""
ORDINARY = """
secretary secretariat keyboard author authorName applicationAuthor authored authority
tokenCount token_count tokenId tokenType tokenName tokenHint tokenExpiresAt tokenizer tokenized
maxTokens max_tokens promptTokens totalTokens nextPageToken pageToken pagetoken
continuationToken designTokens
passwordChanged passwordChangedAt passwordPolicy password_length passwordStrength passwordField
primaryKey publicKey public_key foreignKey sortKey key keys cacheKey hotkey monkey partitionKey
cookieBanner cookieConsent cookiePolicy
session sessionHash sessionId session_id
apiKeyId apiKeyName api_key_hint accessKeyId
boardingPass passenger passed passing bypass compass passport
pinned spin pinCount opinion shipping
secretName secretId authorizationUrl credentialId credentialType
verificationCodeSentAt mfaCodeLength kubeconfigPath securityQuestion ssnVerified session_ssn_count
promoCode countryCode errorCode statusCode zipCode power kw parole answer
id name type value email user username login url uri path
signature auth code state nonce hash checksum
"""


def listed(text: str) -> list[str]:
    import shlex

    return shlex.split(text.replace("$", "\\$"))


class TestKindOf:
    @pytest.mark.parametrize("name", listed(SECRET))
    def test_knows_the_name_of_a_secret(self, name: str) -> None:
        assert NAMES.kind_of(name) is not None

    @pytest.mark.parametrize("name", listed(ORDINARY))
    def test_leaves_an_ordinary_name(self, name: str) -> None:
        assert NAMES.kind_of(name) is None

    @pytest.mark.parametrize("name", ["", " ", "-", "__", "$", "123"])
    def test_takes_a_name_without_words_for_none(self, name: str) -> None:
        assert NAMES.kind_of(name) is None

    def test_judges_a_name_too_long_to_be_remembered(self) -> None:
        assert NAMES.kind_of("x" * 5_000 + "Password") is not None
        assert NAMES.kind_of("x" * 5_000 + "PasswordPolicy") is None

    @pytest.mark.parametrize("name", ["sig", "signature", "X-Amz-Signature", "auth", "token"])
    def test_knows_more_names_in_a_query(self, name: str) -> None:
        assert NAMES.kind_in_query(name) is not None


class TestMake:
    def test_adds_a_name_in_any_spelling_and_at_the_end_of_longer_ones(self) -> None:
        names = SecretNames.make(added=["personnel-number"], allowed=[])
        for name in ("personnelNumber", "PERSONNEL_NUMBER", "oldPersonnelNumber"):
            assert names.kind_of(name) is not None
        assert names.kind_of("personnelNumberFormat") is None

    def test_allows_a_name_as_a_whole_alone(self) -> None:
        names = SecretNames.make(added=[], allowed=["csrf_token", "pin"])
        assert names.kind_of("csrfToken") is None
        assert names.kind_of("pin") is None
        assert names.kind_of("token") is not None
        assert names.kind_of("oldCsrfToken") is not None
