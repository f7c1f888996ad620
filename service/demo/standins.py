"""Pages that stand where an article or a feed should be; data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Pages that stand where an article or a feed should be.
PAGES: Final[Mapping[str, str]] = {
    "captcha": "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>"
    "<h1>Checking your browser</h1><p>Please complete the security check to proceed."
    "</p><form action='/cdn-cgi/challenge'><input type='hidden' name='ray'></form>"
    "<noscript>Enable JavaScript and cookies to continue</noscript></body></html>",
    "consent": "<!DOCTYPE html><html lang='en'><head><title>Before you continue"
    "</title></head><body><main><h1>Your privacy is important to us</h1><p>We and our "
    "214 partners use cookies and similar technologies to store and access "
    "information on your device. You can accept all purposes, reject them or manage "
    "your settings. Read with advertising, or subscribe for 2.99 a month and read "
    "without tracking.</p><p>If you accept, your choice is kept for twelve months and "
    "can be withdrawn at any time under Privacy settings at the end of each page.</p>"
    "<form action='/consent' method='post'><button>Accept all</button><button>Reject "
    "</button><button>Subscribe</button></form></main></body></html>",
    "consent_prose": "<!DOCTYPE html><html lang='en'><head><title>The Courier</title>"
    "</head><body><main><h1>Welcome to the Courier</h1><p>You can read the Courier "
    "without paying because advertisers pay for it. They pay more if their "
    "advertisements fit you, and for that we and our 214 partners store cookies on "
    "your device and read what is stored there.</p><p>If you agree, we process your IP "
    "address, identifiers of your browser and the pages that you open on our site. Our "
    "partners use these data to choose advertisements, to measure whether anybody saw "
    "them, and to learn about their audience. Some of them combine the data with what "
    "they know from other websites, which is called profiling.</p><p>Some partners do "
    "not wait for your consent but rely on what the law calls a legitimate interest. "
    "You can object to that in the settings, for each partner or for all of them at "
    "once. We hand your choice on to them within a day.</p><p>You do not want to be "
    "tracked? For 2.99 a month you read our site without tracking and without "
    "advertising of third parties. We then store only the cookies without which you "
    "could not stay logged in.</p><p>Your consent holds for twelve months. You can "
    "withdraw it whenever you like; a link to the privacy settings is at the end of "
    "each page of our site. What we processed with your consent until then remains "
    "lawful. Some partners keep data in countries in which privacy is protected less "
    "than here, and by your consent you agree to that as well.</p><p>How we process "
    "personal data beside that, and for how long, is told in our privacy notice. Our "
    "data protection officer answers you by post.</p><form action='/consent' "
    "method='post'><button>Accept all</button><button>Reject</button></form></main>"
    "</body></html>",
    "terms": "<!DOCTYPE html><html lang='en'><head><title>Terms of use | The Courier"
    "</title></head><body><main><h1>Terms of use</h1><p>With an account you agree "
    "to these terms. The contract on the use of our service is between you and the "
    "publisher of the Courier. Users have to be sixteen or older.</p><p>All rights in "
    "the content are ours. You may read it, print single pages for your own use and "
    "quote from it as the law allows. Any other use, and any use by a machine, needs "
    "our consent.</p><p>Comments are those of the users who write them. We may delete "
    "what breaks the law or insults others, and close the account. Nobody has a right "
    "to be published.</p><p>We do what we can to keep the service running, but promise "
    "nothing. Our liability is limited to intent and gross negligence, as far as the "
    "applicable law allows.</p><p>We may change the terms and tell users by e-mail "
    "a month ahead. Those who do not agree may end the contract at once. If a part of "
    "these terms is void, the rest of the agreement stays in force.</p></main></body>"
    "</html>",
    "login": "<!DOCTYPE html><html lang='en'><head><title>Log in</title></head><body>"
    "<h1>Log in to go on reading</h1><form method='post' action='/login'><label>E-mail"
    "<input name='mail'></label><label>Password<input type='password' name='pw'>"
    "</label><button>Log in</button></form><p>No account yet? <a href='/register'>"
    "Register for free</a></p></body></html>",
    "paywall": "<!DOCTYPE html><html lang='en'><head><title>A story for subscribers"
    '</title><script type=\'application/ld+json\'>{"@context": "https://schema.org", '
    '"@type": "NewsArticle", "headline": "A story for subscribers", '
    '"isAccessibleForFree": false}</script></head><body><article><h1>A story for '
    "subscribers</h1><p>The council met on Monday night to talk about the budget of "
    "the coming year, and for once nobody left early.</p><div class='paywall'><h2>Read "
    "on with a subscription</h2><p>Subscribe now for 1.99 a month. Already a "
    "subscriber? <a href='/login'>Log in</a></p></div></article></body></html>",
    "empty": "",
    "blank": "<!DOCTYPE html><html><head><title></title></head><body></body></html>",
    "shell": "<!DOCTYPE html><html><head><title>Loading</title></head><body><div "
    "id='root'></div><noscript>You need to enable JavaScript to run this app."
    "</noscript><script src='/static/main.js'></script></body></html>",
    "not_found": "<!DOCTYPE html><html lang='en'><head><title>Page not found</title>"
    "</head><body><h1>Page not found</h1><p>The page you are looking for has moved or "
    "never existed. Try the search or go back to the front page.</p></body></html>",
    "parked": "<!DOCTYPE html><html><head><title>This domain is for sale</title></head>"
    "<body><h1>This domain may be for sale</h1><p>Buy this domain. Related searches: "
    "harbour tours, cheap ferries, fish recipes.</p></body></html>",
}
