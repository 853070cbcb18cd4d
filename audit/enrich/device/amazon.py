"""Names Amazon's devices, whose user agents carry a code that Amazon publishes.

https://developer.amazon.com/docs/fire-tablets/ft-identifying-tablet-devices.html and
https://developer.amazon.com/docs/fire-tv/identify-amazon-fire-tv-devices.html
"""

from __future__ import annotations

NAMES = {
    "KFSNWI": "Fire Max 11 (13th Gen-2023)",
    "KFTUWI": "Fire HD 10 (13th Gen-2023)",
    "KFQUWI": "Fire 7 (12th Gen-2022)",
    "KFRAWI": "Fire HD 8 (12th Gen-2022)",
    "KFRAPWI": "Fire HD 8 Plus (12th Gen-2022)",
    "KFTRWI": "Fire HD 10 (11th Gen-2021) (3GB)",
    "KFTRPWI": "Fire HD 10 Plus (11th Gen-2021) (4GB)",
    "KFONWI": "Fire HD 8 (10th Gen-2020)",
    "KFMAWI": "Fire HD 10 (9th Gen-2019)",
    "KFMUWI": "Fire 7 (9th Gen-2019)",
    "KFKAWI": "Fire HD 8 (8th Gen-2018)",
    "KFSUWI": "Fire HD 10 (7th Gen-2017)",
    "KFAUWI": "Fire 7 (7th Gen-2017)",
    "KFDOWI": "Fire HD 8 (7th Gen-2017)",
    "KFGIWI": "Fire HD 8 (6th Gen-2016)",
    "KFFOWI": "Fire (5th Gen-2015)",
    "KFMEWI": "Fire HD 8 (5th Gen-2015)",
    "KFTBWI": "Fire HD 10 (5th Gen-2015)",
    "KFARWI": "Fire HD 6 (4th Gen-2014)",
    "KFASWI": "Fire HD 7 (4th Gen-2014)",
    "KFSAWA": "Fire HDX 8.9 (4th Gen-2014)",
    "KFSAWI": "Fire HDX 8.9 (4th Gen-2014)",
    "KFTHWA": "Kindle Fire HDX 7 (3rd Gen-2013)",
    "KFTHWI": "Kindle Fire HDX 7 (3rd Gen-2013)",
    "KFAPWA": "Kindle Fire HDX 8.9 (3rd Gen-2013)",
    "KFAPWI": "Kindle Fire HDX 8.9 (3rd Gen-2013)",
    "KFSOWI": "Kindle Fire HD 7 (3rd Gen-2013)",
    "KFJWA": "Kindle Fire HD 8.9 (2nd Gen-2012)",
    "KFJWI": "Kindle Fire HD 8.9 (2nd Gen-2012)",
    "KFTT": "Kindle Fire HD 7 (2nd Gen-2012)",
    "KFOT": "Kindle Fire (2nd Gen-2012)",
    "AFTB": "Fire TV (1st Gen-2014)",
    "AFTS": "Fire TV (2nd Gen-2015)",
    "AFTN": "Fire TV (3rd Gen-2017)",
    "AFTM": "Fire TV Stick (1st Gen-2014)",
    "AFTT": "Fire TV Stick (2nd Gen-2016)",
    "AFTMM": "Fire TV Stick 4K (1st Gen-2018)",
    "AFTA": "Fire TV Cube (1st Gen-2018)",
    "AFTR": "Fire TV Cube (2nd Gen-2019)",
    "AFTSS": "Fire TV Stick Lite (1st Gen-2020)",
    "AFTSSS": "Fire TV Stick (3rd Gen-2020)",
    "AFTKA": "Fire TV Stick 4K Max (1st Gen-2021)",
    "AFTGAZL": "Fire TV Cube (3rd Gen-2022)",
    "AFTKM": "Fire TV Stick 4K (2nd Gen-2023)",
    "AFTKRT": "Fire TV Stick 4K Max (2nd Gen-2023)",
}
# Fire OS by the Android that it is made of
FIRE_OS = {"4": "4", "5": "5", "7": "6", "9": "7", "10": "8", "11": "8"}


def is_amazon(model: str) -> bool:
    return model.startswith(("KF", "AFT")) and model.isupper()
