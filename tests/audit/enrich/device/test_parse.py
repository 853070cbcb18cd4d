"""What is said of user agents that people really have?"""

from __future__ import annotations

import pytest

from audit.enrich.device import Device, parse_device

SAFARI_TAIL = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME_TAIL = "AppleWebKit/537.36 (KHTML, like Gecko)"
WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME_TAIL} Chrome/120.0.0.0 Safari/537.36"
FROZEN_ANDROID = (
    f"Mozilla/5.0 (Linux; Android 10; K) {CHROME_TAIL} Chrome/131.0.0.0 Mobile Safari/537.36"
)
BRANDS = '"Google Chrome";v="131", "Chromium";v="131", "Not_A Brand";v="24"'
FULL_BRANDS = (
    '"Google Chrome";v="131.0.6778.81", "Chromium";v="131.0.6778.81", "Not_A Brand";v="24.0.0.0"'
)


class TestInAppBrowsers:
    def test_an_app_on_a_phone_of_apple(self) -> None:
        device = parse_device(
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {SAFARI_TAIL} Mobile/21F79"
            " Instagram 335.0.0.33.93 (iPhone14,2; iOS 17_5; de_DE)"
        )
        assert device == Device(
            agent_name="Instagram",
            agent_version="335.0.0.33.93",
            device_class="Phone",
            device_name="iPhone",
            device_brand="Apple",
            operating_system_name="iOS",
            operating_system_version="17.5",
            layout_engine_name="AppleWebKit",
            layout_engine_version="605.1.15",
            webview_app_name="Instagram",
            webview_app_version="335.0.0.33.93",
        )

    def test_an_app_on_an_android_draws_with_the_web_view(self) -> None:
        device = parse_device(
            "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A; wv)"
            f" {CHROME_TAIL} Version/4.0 Chrome/121.0.6167.178 Mobile Safari/537.36 Ourapp/3.1"
        )
        assert device.agent_name == "Chrome Webview"
        assert device.agent_version == "121.0.6167.178"
        assert (device.webview_app_name, device.webview_app_version) == ("Ourapp", "3.1")
        assert (device.device_brand, device.device_name) == ("Google", "Pixel 8")

    def test_safari_on_a_phone_is_no_in_app_browser(self) -> None:
        device = parse_device(
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {SAFARI_TAIL}"
            " Version/17.5 Mobile/15E148 Safari/604.1"
        )
        assert (device.agent_name, device.agent_version) == ("Safari", "17.5")
        assert device.webview_app_name is None


class TestFrozenUserAgents:
    def test_windows_may_be_newer_than_it_says(self) -> None:
        assert parse_device(WINDOWS).operating_system_version == ">=10"

    @pytest.mark.parametrize(
        ("version", "windows"),
        [
            pytest.param("15.0.0", "11", id="11"),
            pytest.param("13.0.0", "11", id="the first 11"),
            pytest.param("10.0.0", "10", id="10"),
            pytest.param("0.3.0", "8.1", id="8.1"),
            pytest.param("", ">=10", id="not told"),
            pytest.param("none", ">=10", id="no number"),
        ],
    )
    def test_hints_tell_which_windows(self, version: str, windows: str) -> None:
        hints = {"Sec-CH-UA-Platform": '"Windows"', "Sec-CH-UA-Platform-Version": f'"{version}"'}
        assert parse_device(WINDOWS, hints).operating_system_version == windows

    def test_macos_may_be_newer_than_it_says(self) -> None:
        device = parse_device(
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {CHROME_TAIL} Chrome/120.0.0.0"
        )
        assert device.operating_system_name == "macOS"
        assert device.operating_system_version == ">=10.15.7"

    def test_a_frozen_android_has_no_version_and_no_model(self) -> None:
        device = parse_device(FROZEN_ANDROID)
        assert device.operating_system_name == "Android"
        assert device.operating_system_version is None
        assert device.device_name is None

    def test_hints_tell_the_phone(self) -> None:
        device = parse_device(
            FROZEN_ANDROID,
            {
                "sec-ch-ua": BRANDS,
                "SEC-CH-UA-FULL-VERSION-LIST": FULL_BRANDS,
                "Sec-Ch-Ua-Model": '"Pixel 7"',
                "Sec-CH-UA-Platform": '"Android"',
                "Sec-CH-UA-Platform-Version": '"15.0.0"',
                "Sec-CH-UA-Mobile": "?1",
            },
        )
        assert (device.device_brand, device.device_name) == ("Google", "Pixel 7")
        assert device.operating_system_version == "15.0.0"
        assert device.agent_version == "131.0.6778.81"

    def test_safari_26_tells_an_old_ios(self) -> None:
        device = parse_device(
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) {SAFARI_TAIL}"
            " Version/26.0.1 Mobile/15E148 Safari/604.1"
        )
        assert device.operating_system_version == "26.0.1"

    @pytest.mark.parametrize(
        ("user_agent", "version"),
        [
            pytest.param("10.15; rv:121.0) Gecko/20100101 Firefox/121.0", ">=10.15", id="frozen"),
            pytest.param("10.15; rv:72.0) Gecko/20100101 Firefox/72.0", "10.15", id="not yet"),
            pytest.param("10.14; rv:99.0) Gecko/20100101 Firefox/99.0", "10.14", id="another"),
        ],
    )
    def test_firefox_says_10_15_of_any_later_macos(self, user_agent: str, version: str) -> None:
        device = parse_device(f"Mozilla/5.0 (Macintosh; Intel Mac OS X {user_agent}")
        assert device.operating_system_version == version

    @pytest.mark.parametrize(
        ("tail", "version"),
        [
            pytest.param("Version/18.7 Mobile/15E148 Safari/604.1", "18.7", id="Safari says so"),
            pytest.param("Version/26.0 Mobile/15E148 Safari/604.1", "26.0", id="Safari 26"),
            pytest.param("CriOS/141.0.7390.41 Mobile/15E148 Safari/604.1", ">=18.7", id="Chrome"),
            pytest.param("Mobile/15E148", ">=18.7", id="an app"),
            pytest.param(
                "Mobile/23A355 Instagram 400.0.0.1 (iPhone17,1; iOS 26_0_1; de_DE)",
                "26.0.1",
                id="an app that tells it",
            ),
        ],
    )
    def test_ios_18_7_may_be_newer_than_it_says(self, tail: str, version: str) -> None:
        device = parse_device(
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) {SAFARI_TAIL} {tail}"
        )
        assert device.operating_system_version == version


class TestHarmony:
    @pytest.mark.parametrize(
        ("comment", "device_class"),
        [
            pytest.param("PC; OpenHarmony 5.0", "Desktop", id="a computer"),
            pytest.param("PC; HarmonyOS 5.0", "Desktop", id="a computer of Huawei's"),
            pytest.param("2in1; OpenHarmony 5.0", "Desktop", id="a laptop with a loose screen"),
            pytest.param("PC; OpenHarmony 6.1; Windows NT 10.0", "Desktop", id="as if Windows"),
            pytest.param("Phone; OpenHarmony 5.0", "Phone", id="a phone"),
            pytest.param("Tablet; OpenHarmony 5.0", "Tablet", id="a tablet"),
        ],
    )
    def test_says_what_it_runs_on(self, comment: str, device_class: str) -> None:
        device = parse_device(
            f"Mozilla/5.0 ({comment}) {CHROME_TAIL} Chrome/132.0.0.0 Safari/537.36 ArkWeb/6.1.0.28"
        )
        assert (device.operating_system_name, device.device_class) == ("HarmonyOS", device_class)
        assert device.device_name == ("Desktop" if device_class == "Desktop" else None)
        assert device.agent_name == "ArkWeb"


class TestHints:
    def test_grease_names_no_browser(self) -> None:
        hints = {"Sec-CH-UA": '" Not;A Brand";v="99", "Chromium";v="120", "Brave";v="120"'}
        assert parse_device(WINDOWS, hints).agent_name == "Brave"

    def test_chromium_alone_is_chromium(self) -> None:
        hints = {"Sec-CH-UA": '"Chromium";v="120", ";Not A Brand";v="99"'}
        assert parse_device(WINDOWS, hints).agent_name == "Chromium"

    def test_a_generic_brand_takes_no_ones_place(self) -> None:
        hints = {"Sec-CH-UA": '"Chromium";v="120", "Google Chrome";v="120"'}
        device = parse_device(f"{WINDOWS} OPR/106.0.0.0", hints)
        assert (device.agent_name, device.agent_version) == ("Opera", "106.0.0.0")

    def test_a_brand_can_say_it_more_exactly(self) -> None:
        hints = {"Sec-CH-UA": '"Chromium";v="120", "Opera GX";v="106"'}
        assert parse_device(f"{WINDOWS} OPR/106.0.0.0", hints).agent_name == "Opera GX"

    def test_hints_alone_are_enough(self) -> None:
        device = parse_device(None, {"Sec-CH-UA": BRANDS, "Sec-CH-UA-Platform": '"macOS"'})
        assert (device.agent_name, device.operating_system_name) == ("Chrome", "macOS")

    def test_other_headers_are_no_hints(self) -> None:
        assert parse_device(None, {"Accept": "*/*"}) == Device()


class TestEngines:
    def test_no_other_engine_runs_on_ios(self) -> None:
        device = parse_device(
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {SAFARI_TAIL}"
            " CriOS/120.0.6099.119 Mobile/15E148 Safari/604.1"
        )
        assert (device.agent_name, device.layout_engine_name) == ("Chrome", "AppleWebKit")

    def test_chrome_before_28_drew_with_webkit(self) -> None:
        device = parse_device("Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.31 Chrome/26.0.1410.64")
        assert device.layout_engine_name == "AppleWebKit"

    def test_the_old_edge_has_an_engine_of_its_own(self) -> None:
        device = parse_device(f"{WINDOWS} Edge/18.17763")
        assert device.layout_engine_name == "EdgeHTML"
        assert (device.agent_name, device.agent_version) == ("Edge", "44.17763")

    def test_internet_explorer_in_compatibility_view_is_told_by_its_engine(self) -> None:
        device = parse_device("Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1; Trident/5.0)")
        assert (device.agent_name, device.agent_version) == ("Internet Explorer", "9.0")

    def test_chrome_100_once_said_99(self) -> None:
        device = parse_device(f"Mozilla/5.0 (X11; Linux) {CHROME_TAIL} Chrome/99.100.4896.18")
        assert device.agent_version == device.layout_engine_version == "100.4896.18"


class TestWithoutAScreen:
    @pytest.mark.parametrize(
        ("user_agent", "name", "version"),
        [
            pytest.param("curl/8.5.0", "curl", "8.5.0", id="curl"),
            pytest.param("python-requests/2.31.0", "python-requests", "2.31.0", id="python"),
            pytest.param("Go-http-client/2.0", "Go-http-client", "2.0", id="Go"),
            pytest.param("Java/17.0.2", "Java", "17.0.2", id="Java"),
            pytest.param("okhttp/4.9.0", "okhttp", "4.9.0", id="okhttp"),
            pytest.param("PostmanRuntime/7.31.0", "Postman Runtime", "7.31.0", id="Postman"),
            pytest.param("Terraform/1.6.6 (+https://a.io)", "Terraform", "1.6.6", id="Terraform"),
            pytest.param("Vector/0.34.1 (x86_64-linux)", "Vector", "0.34.1", id="Vector"),
            pytest.param("OurBackup/1.2", "OurBackup", "1.2", id="unknown to all tables"),
            pytest.param("http.rb/5.1 (App/4.0; +https://a.io/)", "App", "4.0", id="by a library"),
        ],
    )
    def test_api_clients_are_clients_too(self, user_agent: str, name: str, version: str) -> None:
        device = parse_device(user_agent)
        assert device == Device(agent_name=name, agent_version=version, device_class="API client")

    def test_a_robot_carries_a_browsers_name(self) -> None:
        device = parse_device(
            "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML,"
            " like Gecko) Chrome/100.0.4896.127 Mobile Safari/537.36 (compatible; Ourbot/2.0;"
            " +http://www.example.com/ourbot.htm)"
        )
        assert device == Device(agent_name="Ourbot", agent_version="2.0", device_class="Robot")

    @pytest.mark.parametrize(
        ("chrome", "brands"),
        [
            pytest.param("HeadlessChrome/131.0.0.0", None, id="by its user agent"),
            pytest.param("HeadlessChrome/131.0.0.0", BRANDS, id="though its brands don't say so"),
            pytest.param(
                "Chrome/131.0.0.0",
                '"HeadlessChrome";v="131", "Chromium";v="131"',
                id="by its brands alone",
            ),
        ],
    )
    def test_a_browser_without_a_window_is_a_robot(self, chrome: str, brands: str | None) -> None:
        device = parse_device(
            f"Mozilla/5.0 (X11; Linux x86_64) {CHROME_TAIL} {chrome} Safari/537.36",
            {"Sec-CH-UA": brands} if brands else None,
        )
        assert (device.device_class, device.agent_name) == ("Robot", "Chrome")
        assert device.operating_system_name == "Linux"

    def test_a_cubot_is_a_phone(self) -> None:
        device = parse_device(
            f"Mozilla/5.0 (Linux; Android 8.0.0; CUBOT_P20) {CHROME_TAIL} Chrome/100.0.4896.127"
            " Mobile Safari/537.36"
        )
        assert (device.device_class, device.device_brand, device.device_name) == (
            "Phone",
            "Cubot",
            "P20",
        )


class TestNothing:
    @pytest.mark.parametrize("user_agent", [None, "", " ", '"'])
    def test_of_nothing_nothing_is_said(self, user_agent: str | None) -> None:
        assert parse_device(user_agent) == Device()

    def test_only_the_first_two_kibibytes_are_read(self) -> None:
        long = f"curl/8.5.0 {' ' * 2_048}"
        assert parse_device(f"{long} bot") == parse_device(long)
        assert parse_device(f"{long} bot").device_class == "API client"
