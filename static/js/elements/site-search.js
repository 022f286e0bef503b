/** <site-search>: finds words in a copy of the archive that no server answers for. */

export class SiteSearch extends HTMLElement {}
